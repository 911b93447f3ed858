using System.Text;
using System.Text.Json;
using FastTrigger.Core;
using FastTrigger.Json;
using FastTrigger.Values;

namespace FastTrigger.Actions.Calling;

/// <summary>
/// `message`: a text, in which values are escaped as in a JSON string, so that none ends a line or a quotation; or a JSON document, whose
/// texts may have values in them.
/// </summary>
internal sealed class CallMessage
{
    private const int MaxLength = 1024 * 1024;

    private readonly ValueTemplate? _text;
    private readonly JsonNode? _document;
    private readonly List<(int Offset, ValueTemplate Template)> _leaves = [];

    private CallMessage(ValueTemplate? text, JsonNode? document)
    {
        _text = text;
        _document = document;
    }

    public bool IsJson => _document is not null;

    public static CallMessage? Read(SettingReader settings)
    {
        if (settings.Take("message") is not { } node)
        {
            return null;
        }

        if (node.IsString)
        {
            return new(ValueTemplate.Parse(node, ValueRule.Anything, settings.Problems), null);
        }

        var message = new CallMessage(null, node);
        message.Collect(node, settings.Problems);
        return message;
    }

    /// <summary>The message for one item; null with the result of the action.</summary>
    public byte[]? Write(in ValueScope scope, out ActionResult end)
    {
        end = default;
        var buffer = new ByteBuffer();
        if (_text is not null)
        {
            var value = _text.Evaluate(scope, Escape);
            if (value.Failure("message") is { } failure)
            {
                end = failure;
                return null;
            }

            buffer.Append(value.Joined);
        }
        else if (Write(new JsonBuilder(buffer), _document!.Value, scope) is { } failure)
        {
            end = failure;
            return null;
        }

        if (buffer.Length > MaxLength)
        {
            end = ActionResult.Failed($"message: it is over {MaxLength / 1024} KB");
            return null;
        }

        return buffer.Span.ToArray();
    }

    private static string Escape(string value)
    {
        var buffer = new ByteBuffer(value.Length + 16);
        new JsonBuilder(buffer).StringContent(value);
        return Encoding.UTF8.GetString(buffer.Span);
    }

    private void Collect(JsonNode node, JsonProblems problems)
    {
        if (node.IsString)
        {
            _leaves.Add((node.Offset, ValueTemplate.Parse(node, ValueRule.Anything, problems)));
        }

        foreach (var member in node.Members)
        {
            Collect(member.Value, problems);
        }

        foreach (var item in node.Items)
        {
            Collect(item, problems);
        }
    }

    private ActionResult? Write(JsonBuilder json, JsonNode node, in ValueScope scope)
    {
        switch (node.Kind)
        {
            case JsonTokenType.StartObject:
                json.BeginObject();
                foreach (var member in node.Members)
                {
                    if (Write(json.Name(member.Name), member.Value, scope) is { } failure)
                    {
                        return failure;
                    }
                }

                json.EndObject();
                return null;
            case JsonTokenType.StartArray:
                json.BeginArray();
                foreach (var item in node.Items)
                {
                    if (Write(json, item, scope) is { } failure)
                    {
                        return failure;
                    }
                }

                json.EndArray();
                return null;
            case JsonTokenType.String:
                return WriteText(json, _leaves.Find(leaf => leaf.Offset == node.Offset).Template, scope);
            default:
                json.Raw(node.Kind switch
                {
                    JsonTokenType.True => "true",
                    JsonTokenType.False => "false",
                    JsonTokenType.Null => "null",
                    _ => node.Text,
                });
                return null;
        }
    }

    private static ActionResult? WriteText(JsonBuilder json, ValueTemplate template, in ValueScope scope)
    {
        var value = template.Evaluate(scope);
        if (value.Failure("message") is { } failure)
        {
            return failure;
        }

        if (value.Kind != ValueKind.List)
        {
            json.Text(value.Text);
            return null;
        }

        json.BeginArray();
        foreach (var item in value.Items)
        {
            json.Text(item);
        }

        json.EndArray();
        return null;
    }
}
