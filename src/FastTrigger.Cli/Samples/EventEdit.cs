using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FastTrigger.Cli.Commands;
using FastTrigger.Values;
using EventJson = FastTrigger.Json.EventJson;
using NearName = FastTrigger.Json.NearName;

namespace FastTrigger.Cli.Samples;

/// <summary>
/// Sets one value of an event. The path is that of `${event...}`. JSON that the event has as text or as Base64 is looked into.
/// </summary>
internal static class EventEdit
{
    private static readonly JsonDocumentOptions s_strict = new() { AllowDuplicateProperties = false, MaxDepth = EventJson.MaxDepth };

    /// <summary>Sets what `path=value` says: the value is JSON where it can be read as JSON, and text otherwise.</summary>
    public static JsonNode Set(JsonNode root, string assignment)
    {
        var equals = EqualsSign(assignment);
        if (equals <= 0)
        {
            throw new UsageException($"""
                --set '{assignment}': this is not path=value
                for example: --set detail.state=stopped
                """);
        }

        return Set(root, assignment[..equals], Value(assignment[(equals + 1)..]))!;
    }

    /// <summary>The event with the value in it.</summary>
    public static JsonNode? Set(JsonNode root, string path, JsonNode? value)
    {
        var steps = EventPath.Parse(path is ['.' or '[', ..] ? path : "." + path, out _)?.Steps;
        if (steps is null or [] || steps.Any(step => step.Every))
        {
            throw new UsageException($"""
                --set '{path}': this path names no value
                a path has .name, ['any key'] and [0], such as detail.items[0]['a key']
                """);
        }

        return Set(root, [.. steps], 0, value);
    }

    private static JsonNode? Set(JsonNode? at, EventPath.Step[] steps, int depth, JsonNode? value)
    {
        if (depth == steps.Length)
        {
            // What is text stays text: JSON for the message of a notification is its text.
            var isText = at is JsonValue && at.GetValueKind() == JsonValueKind.String;
            return isText && value is JsonObject or JsonArray ? value.ToJsonString(ReadableJson.OneLine) : value;
        }

        switch (at)
        {
            case JsonObject members when steps[depth].Name is { } utf8:
                var name = Encoding.UTF8.GetString(utf8);
                if (!members.TryGetPropertyValue(name, out var member) && depth + 1 < steps.Length)
                {
                    throw Missing(steps, $"there is no {name} in {Text(steps[..depth])}", Hint(name, members));
                }

                var changed = Set(member, steps, depth + 1, value);
                if (!ReferenceEquals(member, changed))
                {
                    members[name] = changed;
                    SetHash(members, name);
                }

                return members;
            case JsonArray elements when steps[depth] is { Name: null, Index: var index }:
                if (index > elements.Count || (index == elements.Count && depth + 1 < steps.Length))
                {
                    var there = elements.Count == 0 ? "" : $"[0] to [{elements.Count - 1}]; ";
                    throw Missing(steps, $"{Text(steps[..depth])} has length {elements.Count}", $"{there}[{elements.Count}] adds one");
                }

                var element = index < elements.Count ? elements[index] : null;
                var replaced = Set(element, steps, depth + 1, value);
                if (index == elements.Count)
                {
                    elements.Add(replaced);
                }
                else if (!ReferenceEquals(element, replaced))
                {
                    elements[index] = replaced;
                }

                return elements;
            default:
                return SetInside(at, steps, depth, value);
        }
    }

    /// <summary>Goes into JSON that is text, such as the body of a message, or Base64, such as the data of a record.</summary>
    private static JsonNode SetInside(JsonNode? at, EventPath.Step[] steps, int depth, JsonNode? value)
    {
        var text = at is JsonValue && at.GetValueKind() == JsonValueKind.String ? at.GetValue<string>() : null;
        if (text is not null && Structure(text) is { } inner)
        {
            return Set(inner, steps, depth, value)!.ToJsonString(ReadableJson.OneLine);
        }

        if (text is not null && Base64.IsValid(text) && Structure(Encoding.UTF8.GetString(Convert.FromBase64String(text))) is { } encoded)
        {
            var bytes = Encoding.UTF8.GetBytes(Set(encoded, steps, depth, value)!.ToJsonString(ReadableJson.OneLine));
            return Convert.ToBase64String(bytes);
        }

        var (what, right) = at switch
        {
            JsonObject members => ("an object", Hint("", members)),
            JsonArray elements => ("an array", $"its elements are [0] to [{elements.Count}], of which the last one is new"),
            null => ("null", $"set it first: --set '{Text(steps[..depth])}={{}}'"),
            _ => (at.ToJsonString(ReadableJson.OneLine), $"set it as a whole: --set '{Text(steps[..depth])}=VALUE'"),
        };
        throw Missing(steps, $"{Text(steps[..depth])} is {what}", right);
    }

    /// <summary>A consumer of SQS may compare the body with its hash.</summary>
    private static void SetHash(JsonObject members, string name)
    {
        if (name == "body" && members.ContainsKey("md5OfBody") && members.OptionalText(name) is { } body)
        {
#pragma warning disable CA5351 // The hash that SQS defines.
            members["md5OfBody"] = Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(body)));
#pragma warning restore CA5351
        }
    }

    private static UsageException Missing(EventPath.Step[] steps, string problem, string right) =>
        new($"--set '{Text(steps)}': {problem}\n{right}");

    private static string Text(EventPath.Step[] steps)
    {
        var path = string.Concat(steps.Select(step => step.Name is { } name ? Step(Encoding.UTF8.GetString(name)) : $"[{step.Index}]"));
        return path.Length == 0 ? "the event" : path.TrimStart('.');
    }

    private static string Step(string name) => name.AsSpan().ContainsAny(" '\"]}?.[") ? $"['{name}']" : $".{name}";

    private static string Hint(string name, JsonObject members)
    {
        var names = members.Select(Name).ToList();
        return NearName.Hint(name, names, names is [] ? "it has no members" : $"it has {string.Join(", ", names)}");
    }

    private static string Name(KeyValuePair<string, JsonNode?> member) => Step(member.Key).TrimStart('.');

    /// <summary>The index of the first equals sign outside of ['any key'], or -1.</summary>
    private static int EqualsSign(string assignment)
    {
        var at = 0;
        while (at < assignment.Length && assignment[at] != '=')
        {
            var quoted = assignment.AsSpan(at).StartsWith("['") ? assignment.IndexOf("']", at, StringComparison.Ordinal) : -1;
            at = quoted < 0 ? at + 1 : quoted + 2;
        }

        return at < assignment.Length ? at : -1;
    }

    private static JsonNode? Value(string text)
    {
        if (EventJson.FindLoneSurrogate(Encoding.UTF8.GetBytes(text)) >= 0)
        {
            throw new UsageException("--set: half of a surrogate pair is not a character\nwrite both halves, or the character itself");
        }

        try
        {
            return JsonNode.Parse(text, documentOptions: s_strict);
        }
        catch (JsonException) when (!IsLooseJson(text))
        {
            return text;
        }
        catch (JsonException e)
        {
            throw new UsageException($"--set: this value is JSON that no event may have\n{e.Message.ReplaceLineEndings(" ")}");
        }
    }

    /// <summary>Whether it is JSON, only nested too deep or with a name twice.</summary>
    private static bool IsLooseJson(string text)
    {
        try
        {
            JsonDocument.Parse(text, new() { MaxDepth = int.MaxValue }).Dispose();
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static JsonNode? Structure(string text)
    {
        try
        {
            return text.TrimStart() is ['{' or '[', ..] ? JsonNode.Parse(text, documentOptions: s_strict) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
