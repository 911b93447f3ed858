using System.Runtime.InteropServices;
using System.Text.Json;
using FastTrigger.Core;

namespace FastTrigger.Json;

/// <summary>
/// Names with dots. To EventBridge {"a.b": 1} and {"a": {"b": 1}} are the same event, because it joins the names of a path by dots.
/// </summary>
internal static class DottedNames
{
    /// <summary>The event with an object for each dot in a name; null when no name has one.</summary>
    public static JsonDocument? Nest(JsonElement element)
    {
        if (!Any(JsonMarshal.GetRawUtf8Value(element)))
        {
            return null;
        }

        var tree = new Branch();
        tree.Add(element, EventJson.MaxDepth);
        var text = new ByteBuffer();
        tree.WriteTo(new(text));
        // Each name may have opened an object, and each object that met a value an array.
        return JsonDocument.Parse(text.Memory, new() { MaxDepth = EventJson.MaxDepth * 3 });
    }

    /// <summary>Whether a name has a dot, also one that is written as \u002e.</summary>
    private static bool Any(ReadOnlySpan<byte> json)
    {
        if (json.IndexOf("\\u002"u8) >= 0)
        {
            return true;
        }

        for (var dot = json.IndexOf((byte)'.'); dot >= 0;)
        {
            var end = EndOfString(json, dot);
            if (end < 0)
            {
                return false;
            }

            var next = json[(end + 1)..].TrimStart(" \t\r\n"u8);
            if (!next.IsEmpty && next[0] == ':')
            {
                return true;
            }

            var rest = json[(end + 1)..].IndexOf((byte)'.');
            dot = rest < 0 ? -1 : end + 1 + rest;
        }

        return false;
    }

    /// <summary>The next quote that is not escaped; -1 when there is none. After the dot of a number it is the start of a string.</summary>
    private static int EndOfString(ReadOnlySpan<byte> json, int from)
    {
        for (var quote = json[from..].IndexOf((byte)'"'); quote >= 0;)
        {
            var at = from + quote;
            var text = json[..at];
            if ((text.Length - text.TrimEnd((byte)'\\').Length) % 2 == 0)
            {
                return at;
            }

            from = at + 1;
            quote = json[from..].IndexOf((byte)'"');
        }

        return -1;
    }

    /// <summary>All that stands at one path.</summary>
    private sealed class Branch
    {
        /// <summary>Its only field. A name of dots alone opens an object for each byte, so an object is as small as can be.</summary>
        private string? _name;
        private Branch? _field;

        /// <summary>All fields when there are several.</summary>
        private Dictionary<string, Branch>? _fields;
        private List<(JsonElement Value, int Depth)>? _values;
        private bool _isObject;

        /// <param name="depth">How many objects may be opened inside. From then on a name keeps its dots.</param>
        public void Add(JsonElement element, int depth)
        {
            if (element.ValueKind != JsonValueKind.Object)
            {
                (_values ??= new(1)).Add((element, depth));
                return;
            }

            _isObject = true;
            // Of a name that an object has twice the last value counts. They are objects, because another kind of dictionary is more code.
            var members = new Dictionary<string, object>();
            foreach (var member in element.EnumerateObject())
            {
                members[member.Name] = member.Value;
            }

            foreach (var (whole, value) in members)
            {
                var (at, start, left) = (this, 0, depth - 1);
                for (var dot = whole.IndexOf('.'); dot >= 0 && left > 0; dot = whole.IndexOf('.', start), left--)
                {
                    at = at.Field(whole[start..dot]);
                    at._isObject = true;
                    start = dot + 1;
                }

                at.Field(whole[start..]).Add((JsonElement)value, left);
            }
        }

        public void WriteTo(JsonBuilder json)
        {
            var isOne = (_values?.Count ?? 0) + (_isObject ? 1 : 0) == 1;
            _ = isOne ? json : json.BeginArray();
            if (_values is not null)
            {
                foreach (var (value, depth) in _values)
                {
                    Write(json, value, depth);
                }
            }

            if (_isObject)
            {
                json.BeginObject();
                WriteFields(json);
                json.EndObject();
            }

            _ = isOne ? json : json.EndArray();
        }

        private void WriteFields(JsonBuilder json)
        {
            if (_fields is null)
            {
                _field?.WriteTo(json.Name(_name!));
                return;
            }

            foreach (var (name, inside) in _fields)
            {
                inside.WriteTo(json.Name(name));
            }
        }

        private static void Write(JsonBuilder json, JsonElement value, int depth)
        {
            if (value.ValueKind == JsonValueKind.Object)
            {
                var branch = new Branch();
                branch.Add(value, depth);
                branch.WriteTo(json);
            }
            else if (value.ValueKind == JsonValueKind.Array)
            {
                json.BeginArray();
                foreach (var element in value.EnumerateArray())
                {
                    Write(json, element, depth);
                }

                json.EndArray();
            }
            else
            {
                json.Raw(value);
            }
        }

        private Branch Field(string name)
        {
            if (_fields is null)
            {
                if (_field is null || _name == name)
                {
                    _name = name;
                    return _field ??= new();
                }

                _fields = new() { [_name!] = _field };
            }

            if (!_fields.TryGetValue(name, out var field))
            {
                _fields.Add(name, field = new());
            }

            return field;
        }
    }
}
