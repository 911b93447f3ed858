namespace FastTrigger.Json;

/// <summary>The members of an object, in the order of the file.</summary>
internal readonly struct JsonMembers(JsonFile file, int first, int count)
{
    public int Length => count;

    public JsonMember First => new(file, first);

    public Enumerator GetEnumerator() => new(file, first, count);

    public JsonMember[] ToArray()
    {
        var members = new JsonMember[count];
        var i = 0;
        foreach (var member in this)
        {
            members[i++] = member;
        }

        return members;
    }

    public struct Enumerator(JsonFile file, int first, int count)
    {
        private int _at = -1;
        private int _next = first;
        private int _left = count;

        public readonly JsonMember Current => new(file, _at);

        public bool MoveNext()
        {
            if (_left == 0)
            {
                return false;
            }

            _left--;
            _at = _next;
            _next = file.Places[_at].End;
            return true;
        }
    }
}

/// <summary>A name and its value.</summary>
internal readonly struct JsonMember(JsonFile file, int index)
{
    public JsonName Key => file.Names[file.Places[index].Name];

    public string Name => Key.Text;

    /// <summary>Where the name stands, in bytes from the start of the file.</summary>
    public int Offset => file.Places[index].NameOffset;

    public JsonNode Value => new(file, index);

    public void Deconstruct(out string text, out int at, out JsonNode node) => (text, at, node) = (Name, Offset, Value);
}
