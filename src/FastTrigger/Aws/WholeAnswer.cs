using System.Text;
using System.Text.Json;
using FastTrigger.Json;

namespace FastTrigger.Aws;

/// <summary>
/// What the answer of an operation is when it is complete. A proxy, a load balancer or a broken connection can put anything else in its
/// place with status 200, and nothing else may pass for a success (C5.8).
/// </summary>
internal sealed class WholeAnswer
{
    /// <summary>More levels than any of the documents has.</summary>
    private const int MaxXmlDepth = 64;

    private readonly string? _member, _text;
    private readonly JsonValueKind _kind;
    private readonly string[] _others;
    private readonly bool _mayBeEmpty;

    private WholeAnswer(string? member, string? text, JsonValueKind kind, string[] others, bool mayBeEmpty = false)
    {
        _member = member;
        _text = text;
        _kind = kind;
        _others = others;
        _mayBeEmpty = mayBeEmpty;
    }

    /// <summary>Whatever the callee of the operation says.</summary>
    public static WholeAnswer Any { get; } = new(null, null, JsonValueKind.Undefined, []);

    /// <summary>The answer of an operation without an output: an empty body or an empty object.</summary>
    public static WholeAnswer Nothing { get; } = new(null, null, JsonValueKind.Undefined, [], mayBeEmpty: true);

    /// <summary>An XML document OPERATIONResponse with this element directly in it.</summary>
    /// <param name="text">The text of the element; null for any.</param>
    public static WholeAnswer Xml(string element, string? text = null) => new(element, text, JsonValueKind.Undefined, []);

    /// <summary>A JSON object in which this member is an object.</summary>
    public static WholeAnswer Object(string member) => new(member, null, JsonValueKind.Object, []);

    /// <summary>A JSON object in which this member is a list.</summary>
    public static WholeAnswer List(string member) => new(member, null, JsonValueKind.Array, []);

    /// <summary>A JSON object in which this member is a text.</summary>
    public static WholeAnswer Text(string member) => new(member, null, JsonValueKind.String, []);

    /// <summary>A JSON object that may lack each of these members, and has no others.</summary>
    public static WholeAnswer Optional(params string[] members) => new(null, null, JsonValueKind.Undefined, members);

    /// <param name="document">The JSON document; Undefined for XML and for an empty body.</param>
    /// <returns>Whether the body is the whole answer.</returns>
    public bool IsWhole(in AwsRequest request, ReadOnlyMemory<byte> body, out JsonElement document)
    {
        document = default;
        if (ReferenceEquals(this, Any))
        {
            return true;
        }

        if (request.Protocol == AwsProtocol.Query)
        {
            return IsWholeXml(request.Operation.Name, body.Span);
        }

        if (body.IsEmpty)
        {
            return _mayBeEmpty;
        }

        document = EventJson.Parse(body, out _)?.RootElement ?? default;
        return document.ValueKind == JsonValueKind.Object
            && (_member is null ? HasNoOther(document) : document.TryGetProperty(_member, out var member) && member.ValueKind == _kind);
    }

    private bool HasNoOther(JsonElement document)
    {
        foreach (var member in document.EnumerateObject())
        {
            if (Array.IndexOf(_others, member.Name) < 0)
            {
                return false;
            }
        }

        return true;
    }

    private bool IsWholeXml(string operation, ReadOnlySpan<byte> body)
    {
        const string Suffix = "Response";
        var found = false;
        var xml = new XmlScanner(body);
        if (!xml.Read())
        {
            return false;
        }

        var root = xml.Name;
        return ReadElement(ref xml, ref found)
            && found
            && xml.IsAtEnd
            && root.Length == operation.Length + Suffix.Length
            && Ascii.Equals(root[..operation.Length], operation)
            && Ascii.Equals(root[operation.Length..], Suffix);
    }

    /// <summary>Reads an element to its end; false when the end is missing or is another element's.</summary>
    private bool ReadElement(ref XmlScanner xml, ref bool found)
    {
        var name = xml.Name;
        found |= xml.Depth == 2 && Ascii.Equals(name, _member) && (_text is null || xml.Text == _text);
        while (xml.Read())
        {
            if (xml.IsEnd)
            {
                return name.SequenceEqual(xml.Name);
            }

            if (xml.Depth > MaxXmlDepth || !ReadElement(ref xml, ref found))
            {
                return false;
            }
        }

        return false;
    }
}
