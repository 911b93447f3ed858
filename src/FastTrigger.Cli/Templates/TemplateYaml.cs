using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace FastTrigger.Cli.Templates;

/// <summary>
/// Writes and reads templates as YAML. A member named # becomes the comment above its object. CloudFormation returns a deployed template as
/// YAML or JSON, and JSON is YAML too.
/// </summary>
internal static class TemplateYaml
{
    private const int MaxDepth = 256;

    public const string Comment = "#";

    public static string Write(JsonObject template)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        var settings = new EmitterSettings(bestIndent: 2, bestWidth: int.MaxValue, isCanonical: false, maxSimpleKeyLength: 1024);
        var emitter = new Emitter(text, settings);
        emitter.Emit(new StreamStart());
        emitter.Emit(new DocumentStart());
        Write(emitter, template);
        emitter.Emit(new DocumentEnd(isImplicit: true));
        emitter.Emit(new StreamEnd());
        return text.ToString();
    }

    /// <exception cref="YamlException">The text is neither YAML nor JSON.</exception>
    public static JsonNode? Read(string text)
    {
        CheckDepth(text);
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return stream.Documents.Count == 0 ? null : Read(stream.Documents[0].RootNode);
    }

    /// <summary>The stream is read recursively, and what is nested without end would end this process.</summary>
    /// <exception cref="YamlException">It is nested too deep.</exception>
    private static void CheckDepth(string text)
    {
        var depth = 0;
        var parser = new Parser(new StringReader(text));
        while (parser.MoveNext())
        {
            depth += parser.Current!.NestingIncrease;
            if (depth > MaxDepth)
            {
                throw new YamlException(parser.Current.Start, parser.Current.End, $"nested deeper than {MaxDepth} levels");
            }
        }
    }

    private static JsonNode? Read(YamlNode node) => node switch
    {
        YamlMappingNode mapping => new JsonObject(
            mapping.Select(member => KeyValuePair.Create(((YamlScalarNode)member.Key).Value!, Read(member.Value)))),
        YamlSequenceNode sequence => new JsonArray([.. sequence.Select(Read)]),
        YamlScalarNode scalar => JsonValue.Create(scalar.Value ?? ""),
        _ => null,
    };

    private static void Write(Emitter emitter, JsonNode? node)
    {
        switch (node)
        {
            case JsonObject members:
                WriteMembers(emitter, members);
                break;
            case JsonArray items:
                var style = items.Any(item => item is JsonObject or JsonArray) ? SequenceStyle.Block : SequenceStyle.Flow;
                emitter.Emit(new SequenceStart(AnchorName.Empty, TagName.Empty, isImplicit: true, style));
                foreach (var item in items)
                {
                    Write(emitter, item);
                }

                emitter.Emit(new SequenceEnd());
                break;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                WriteText(emitter, value.GetValue<string>());
                break;
            default:
                emitter.Emit(new Scalar(node?.ToJsonString() ?? "null"));
                break;
        }
    }

    private static void WriteMembers(Emitter emitter, JsonObject members)
    {
        emitter.Emit(new MappingStart());
        foreach (var (name, value) in members)
        {
            if (name == Comment)
            {
                continue;
            }

            if (value is JsonObject inner && inner[Comment] is { } comment)
            {
                emitter.Emit(new YamlDotNet.Core.Events.Comment(comment.GetValue<string>(), isInline: false));
            }

            WriteText(emitter, name);
            Write(emitter, value);
        }

        emitter.Emit(new MappingEnd());
    }

    private static void WriteText(Emitter emitter, string text)
    {
        var style = IsPlain(text) ? ScalarStyle.Plain : ScalarStyle.DoubleQuoted;
        emitter.Emit(new Scalar(AnchorName.Empty, TagName.Empty, text, style, true, true));
    }

    /// <summary>Whether every YAML reader takes the unquoted text for this text, and not for a number, a date or a Boolean.</summary>
    private static bool IsPlain(string text) =>
        text.Length > 0
        && char.IsAsciiLetter(text[0])
        && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.' or '/' or ':')
        && text[^1] != ':'
        && text.ToUpperInvariant() is not ("Y" or "N" or "YES" or "NO" or "ON" or "OFF" or "TRUE" or "FALSE" or "NULL");
}
