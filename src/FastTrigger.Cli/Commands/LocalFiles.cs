using System.Text.Json;
using FastTrigger.Json;
using FastTrigger.Routing;
using JsonNode = System.Text.Json.Nodes.JsonNode;

namespace FastTrigger.Cli.Commands;

/// <summary>Finds and reads the files that commands use.</summary>
internal static class LocalFiles
{
    /// <summary>The demo routes, which are the default of --routes.</summary>
    public static string DefaultRoutes() =>
        Find("build/demo/routes.json", "there is no build/demo/routes.json here: name a file with --routes");

    /// <summary>The built binary, which is the default of --bootstrap.</summary>
    public static string DefaultBootstrap() =>
        Find("bootstrap", "there is no native bootstrap: build one with ./bootstrap.sh build, or name one with --bootstrap");

    /// <summary>Looks in the current folder and its artifacts, then in the folder of the tool and the two above it.</summary>
    /// <param name="error">The message when there is no such file.</param>
    public static string Find(string name, string error)
    {
        string[] places =
        [
            name,
            Path.Combine("artifacts", name),
            Path.Combine(AppContext.BaseDirectory, name),
            Path.Combine(AppContext.BaseDirectory, "..", name),
            Path.Combine(AppContext.BaseDirectory, "..", "..", name),
        ];
        return places.FirstOrDefault(File.Exists) ?? throw new UsageException(error);
    }

    public static void CheckExists(string file)
    {
        if (!File.Exists(file))
        {
            throw new UsageException($"{file}: there is no such file");
        }
    }

    /// <summary>Reads routes, compiled and as JSON; null when they have mistakes, which it writes to standard error.</summary>
    public static (RouteTable Table, JsonNode Source)? ReadRoutes(string file)
    {
        var text = Read(file);
        var problems = new JsonProblems(file, text);
        if (RoutesFile.Read(text, handlers: null, problems) is not { } table)
        {
            Console.Error.WriteLine(problems);
            return null;
        }

        return (table, JsonNode.Parse(text, documentOptions: new() { CommentHandling = JsonCommentHandling.Skip })!);
    }

    /// <summary>Reads a file that the command line names.</summary>
    public static byte[] Read(string file)
    {
        try
        {
            return File.ReadAllBytes(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException(e.Message);
        }
    }
}
