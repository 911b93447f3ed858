using System.Text;

namespace FastTrigger.Fuzzing.Pairs;

/// <summary>
/// JSON as it is written: names may be there twice, and scalars and names keep the notation that they have in the text. It can be changed.
/// </summary>
internal sealed class JsonTree
{
    private JsonTree(string? scalar, List<JsonTree>? items, List<(string Name, JsonTree Value)>? members) =>
        (Scalar, Items, Members) = (scalar, items, members);

    /// <summary>The text of a string, a number, true, false or null; null for an array or an object.</summary>
    public string? Scalar { get; private set; }

    public List<JsonTree>? Items { get; private set; }

    /// <summary>The names stand in quotes, with their escapes.</summary>
    public List<(string Name, JsonTree Value)>? Members { get; private set; }

    public IEnumerable<JsonTree> Children => Items ?? Members?.Select(static member => member.Value) ?? [];

    /// <summary>This node and all below it.</summary>
    public IEnumerable<JsonTree> All => Children.SelectMany(static child => child.All).Prepend(this);

    public static JsonTree Of(string scalar) => new(scalar, null, null);

    public static JsonTree Array(params IEnumerable<JsonTree> items) => new(null, [.. items], null);

    public static JsonTree Object(params IEnumerable<(string Name, JsonTree Value)> members) => new(null, null, [.. members]);

    public JsonTree Copy() => new(
        Scalar,
        Items?.ConvertAll(static item => item.Copy()),
        Members?.ConvertAll(static member => (member.Name, member.Value.Copy())));

    /// <summary>Makes this node what another one is.</summary>
    public void Become(JsonTree other) => (Scalar, Items, Members) = (other.Scalar, other.Items, other.Members);

    public override string ToString()
    {
        var text = new StringBuilder();
        Write(text);
        return text.ToString();
    }

    private void Write(StringBuilder text)
    {
        if (Members is not null)
        {
            text.Append('{');
            foreach (var (name, value) in Members)
            {
                text.Append(text[^1] == '{' ? "" : ",").Append(name).Append(':');
                value.Write(text);
            }

            text.Append('}');
        }
        else if (Items is not null)
        {
            text.Append('[');
            for (var i = 0; i < Items.Count; i++)
            {
                text.Append(i == 0 ? "" : ",");
                Items[i].Write(text);
            }

            text.Append(']');
        }
        else
        {
            text.Append(Scalar);
        }
    }
}
