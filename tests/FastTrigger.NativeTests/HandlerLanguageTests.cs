using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using FastTrigger.Tests.Support;

namespace FastTrigger.NativeTests;

/// <summary>C# means in a native function of a user what it means in .NET.</summary>
public sealed class HandlerLanguageTests
{
    [Fact]
    public async Task Numbers_patterns_zones_cultures_and_messages_are_those_of_dotnet()
    {
        await using var function = await NativeFunction.StartAsync(Handler("computes"), bootstrap: Artifacts.Handlers);
        var (document, errorType) = await function.InvokeAsync("{\"name\":\"x\"}");
        Assert.Null(errorType);
        Assert.Equal(Computing.Show().Split('\n'), document!["computed"]!.GetValue<string>().Split('\n'));
        Assert.Contains("was not present in the dictionary", Computing.Show(), StringComparison.Ordinal);
        Assert.Contains("de-DE is missing 1,234.5\n", Computing.Show(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task HttpClient_works_in_a_handler()
    {
        await using var server = SocketServer.Answering("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\npump"u8.ToArray());
        await using var function = await NativeFunction.StartAsync(Handler("fetches"), bootstrap: Artifacts.Handlers);
        var (document, errorType) = await function.InvokeAsync($$"""{"name":"x","url":"http://127.0.0.1:{{server.Port}}/"}""");
        Assert.Null(errorType);
        Assert.Contains("fetched pump", document!.ToJsonString(), StringComparison.Ordinal);
    }

    /// <summary>The stock binary has no logarithm (build/stock.props), so nothing in it may ask for one.</summary>
    [Fact]
    public void No_code_of_the_stock_binary_calls_what_its_link_leaves_out()
    {
        using var reader = new PEReader(File.OpenRead(Artifacts.Mstat));
        var metadata = reader.GetMetadataReader();
        var methods = metadata.MemberReferences.Select(metadata.GetMemberReference)
            .Where(member => member.Parent.Kind == HandleKind.TypeReference)
            .Select(member => (Type: metadata.GetTypeReference((TypeReferenceHandle)member.Parent), metadata.GetString(member.Name)))
            .Select(member => metadata.GetString(member.Type.Name) + "." + member.Item2)
            .ToList();
        Assert.Contains("String.Concat", methods);
        Assert.DoesNotContain(methods, method => method is "Math.Log" or "Double.Log");
    }

    private static string Handler(string name) => $$"""
        {"routes": [{"name": "r", "when": {"name": [{"exists": true}]}, "do": [{"handler": {"name": "{{name}}"} }]}]}
        """;
}
