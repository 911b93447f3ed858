using FastTrigger.Cli.Json;
using FastTrigger.Cli.Routes;
using FastTrigger.Json;

namespace FastTrigger.Cli.Commands;

/// <summary>Finds and reads the files that commands use.</summary>
internal static class LocalFiles
{
    /// <summary>What stands for standard input where a file can be named.</summary>
    public const string StandardInput = "-";

    private const string DefaultRoutes = "routes.json";

    /// <summary>The routes file of a command: the one that --routes names, else that of the current folder. It is there.</summary>
    public static string Routes(string? named)
    {
        if (named is null && !File.Exists(DefaultRoutes))
        {
            throw new UsageException($"there is no {DefaultRoutes} in this folder\nname one with --routes, or write one: fasttrigger init");
        }

        CheckExists(named ?? DefaultRoutes);
        return named ?? DefaultRoutes;
    }

    /// <summary>The built binary, which is the default of --bootstrap.</summary>
    public static string DefaultBootstrap() =>
        Find("bootstrap", "there is no native bootstrap here\nbuild one with ./bootstrap.sh build, or name one with --bootstrap");

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
        if (Directory.Exists(file))
        {
            throw new UsageException($"{file} is a folder; a file is needed");
        }

        if (!File.Exists(file))
        {
            // What the runtime writes for bytes that are not UTF-8; it cannot open a file of such a name.
            var isOther = file.Contains('\uFFFD');
            throw new UsageException($"there is no file {file}{(isOther ? "\nrename it: its name has to be UTF-8" : "")}");
        }
    }

    /// <summary>Creates an empty file before the work whose result it takes.</summary>
    public static void Create(string file)
    {
        try
        {
            File.WriteAllBytes(file, []);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException(e.Message);
        }
    }

    /// <summary>
    /// Reads the routes of a deployment, and says which file they are from. Null when they have mistakes, which it writes to standard
    /// error.
    /// </summary>
    public static RoutesDocument? ReadRoutes(string file, Deployment deployment)
    {
        Console.Error.WriteLine($"routes: {file}");
        var text = Read(file);
        var problems = new JsonProblems(file, text);
        var document = RoutesDocument.Read(text, problems, deployment);
        if (document is null)
        {
            Console.Error.WriteLine(problems);
        }

        return document;
    }

    /// <summary>How messages name a file of the command line.</summary>
    public static string NameOf(string file) => file == StandardInput ? "standard input" : file;

    /// <summary>Reads a text of the command line as UTF-8 without a byte order mark.</summary>
    public static byte[] ReadText(string file) => JsonText.Decode(Read(file));

    /// <summary>Reads a file that the command line names, or standard input.</summary>
    public static byte[] Read(string file)
    {
        try
        {
            if (file != StandardInput)
            {
                CheckExists(file);
                return File.ReadAllBytes(file);
            }

            using var input = Console.OpenStandardInput();
            using var content = new MemoryStream();
            input.CopyTo(content);
            return content.ToArray();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException(e.Message);
        }
    }
}
