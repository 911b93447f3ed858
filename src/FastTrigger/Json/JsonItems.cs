namespace FastTrigger.Json;

/// <summary>The items of an array.</summary>
internal readonly struct JsonItems(JsonFile file, int first, int count)
{
    public int Length => count;

    public JsonNode First => new(file, first);

    public Enumerator GetEnumerator() => new(new(file, first, count));

    public JsonNode[] ToArray()
    {
        var items = new JsonNode[count];
        var i = 0;
        foreach (var item in this)
        {
            items[i++] = item;
        }

        return items;
    }

    /// <summary>Items are members without names.</summary>
    public struct Enumerator(JsonMembers.Enumerator members)
    {
        private JsonMembers.Enumerator _members = members;

        public readonly JsonNode Current => _members.Current.Value;

        public bool MoveNext() => _members.MoveNext();
    }
}

/// <summary>What is made of each value of a list.</summary>
internal static class JsonNodes
{
    public static List<T> ConvertEach<T>(this JsonNode[] nodes, Func<JsonNode, T> convert)
    {
        var converted = new List<T>(nodes.Length);
        foreach (var node in nodes)
        {
            converted.Add(convert(node));
        }

        return converted;
    }
}
