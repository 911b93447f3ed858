namespace FastTrigger.NativeTests;

/// <summary>Reads values of JSON documents by their path of member names and indexes. A missing value fails the test.</summary>
internal static class JsonPath
{
    public static string Text(this JsonNode? node, params ReadOnlySpan<object> path) => node.At(path)!.GetValue<string>();

    public static int Number(this JsonNode? node, params ReadOnlySpan<object> path) => node.At(path)!.GetValue<int>();

    public static JsonArray List(this JsonNode? node, params ReadOnlySpan<object> path) => node.At(path)!.AsArray();

    public static JsonNode? At(this JsonNode? node, params ReadOnlySpan<object> path)
    {
        foreach (var step in path)
        {
            Assert.NotNull(node);
            node = step is int index ? node[index] : node[(string)step];
        }

        return node;
    }
}
