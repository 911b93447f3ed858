using System.Text.Json;
using FastTrigger.Cli.Commands;
using FastTrigger.Cli.LocalAws;
using FastTrigger.Json;

namespace FastTrigger.Cli.Matching;

/// <summary>The events that a command line names: files, folders of files, and standard input.</summary>
internal static class EventFiles
{
    private static readonly string[] s_lines = [".jsonl", ".ndjson"];

    /// <summary>Reads one event after the other. A file is read once, whatever paths lead to it.</summary>
    /// <param name="paths">Files and folders that are there, and - for standard input.</param>
    /// <param name="leave">
    /// Gets a sentence about each file that is left out: one that has been read, and of a folder what is no event, as routes, a world, a
    /// schema, a pipe or a device.
    /// </param>
    public static IEnumerable<SavedEvent> Read(IEnumerable<string> paths, Action<string> leave)
    {
        var read = new Dictionary<(ulong Inode, ulong Device), string>();
        bool IsNew(string file)
        {
            if (FileKind.Identity(file) is not { } identity || read.TryAdd(identity, file))
            {
                return true;
            }

            leave(read[identity] == file ? $"{file} is named twice" : $"{file} is the same file as {read[identity]}");
            return false;
        }

        return paths.SelectMany(path =>
            path == LocalFiles.StandardInput ? JsonLines.Read(Console.OpenStandardInput(), LocalFiles.NameOf(path))
            : Directory.Exists(path) ? ReadFolder(path, IsNew, leave)
            : IsNew(path) ? ReadFile(path)
            : []);
    }

    /// <exception cref="UsageException">There is no such file or folder.</exception>
    public static void CheckFolderExists(string path)
    {
        if (path != LocalFiles.StandardInput && !Path.Exists(path))
        {
            throw new UsageException($"there is no folder {path}");
        }

        CheckExists(path);
    }

    /// <exception cref="UsageException">There is no such file or folder, or the folder has no file of events.</exception>
    public static void CheckExists(string path)
    {
        if (path == LocalFiles.StandardInput)
        {
            return;
        }

        if (!Directory.Exists(path))
        {
            LocalFiles.CheckExists(path);
        }
        else if (!Files(path).Any())
        {
            throw new UsageException($"{path} has no .json, .jsonl or .ndjson file\nevents are files of these names, in it or below it");
        }
    }

    /// <summary>One that cannot be read does not stop the others.</summary>
    private static IEnumerable<SavedEvent> ReadFile(string file)
    {
        try
        {
            return s_lines.Contains(Path.GetExtension(file))
                ? ReadLines(File.OpenRead(file), file)
                : [ReadOne(file, LocalFiles.ReadText(file))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or UsageException)
        {
            return [new(file, default, $"{file} cannot be read: {e.Message}")];
        }
    }

    private static SavedEvent ReadOne(string file, byte[] text)
    {
        var one = SavedEvent.Read(file, text);
        if (one.Problem is null || JsonLines.Read(new MemoryStream(text), file).Take(2).Count(part => part.Problem is null) < 2)
        {
            return one;
        }

        return one with { Problem = $"{one.Problem}; for several events name the file .jsonl, or write - <{file}" };
    }

    private static IEnumerable<SavedEvent> ReadLines(Stream input, string file)
    {
        using (input)
        {
            foreach (var one in JsonLines.Read(input, file))
            {
                yield return one;
            }
        }
    }

    private static IEnumerable<SavedEvent> ReadFolder(string folder, Func<string, bool> isNew, Action<string> leave)
    {
        foreach (var file in Files(folder).Where(isNew))
        {
            if (!FileKind.IsRegular(file))
            {
                // A pipe may never have an end, and a device none.
                leave($"{file} is no event");
                continue;
            }

            foreach (var one in ReadFile(file))
            {
                if (one.Problem is null && IsOther(one.Payload))
                {
                    leave($"{file} is no event");
                }
                else
                {
                    yield return one;
                }
            }
        }
    }

    /// <summary>The files below a folder, in the order of their names. Links to folders are not followed: they may be circles.</summary>
    private static IEnumerable<string> Files(string folder) =>
        Directory.EnumerateFiles(folder)
            .Where(file => Path.GetExtension(file) == ".json" || s_lines.Contains(Path.GetExtension(file)))
            .Order(StringComparer.Ordinal)
            .Concat(new DirectoryInfo(folder).EnumerateDirectories()
                .Where(inner => inner.LinkTarget is null)
                .Select(inner => Path.Combine(folder, inner.Name))
                .Order(StringComparer.Ordinal)
                .SelectMany(Files));

    /// <summary>Whether this is a file that stands beside events: one with a schema, routes, a world, or rules.</summary>
    private static bool IsOther(ReadOnlyMemory<byte> payload)
    {
        using var document = JsonDocument.Parse(payload, new() { MaxDepth = EventJson.MaxDepth });
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
        {
            return false;
        }

        return IsText(root, "$schema")
            || IsList(root, "routes")
            || IsList(root, "Rules")
            || (root.EnumerateObject().Any() && WorldReader.Read([.. payload.Span], new JsonProblems("", payload)) is not null);
    }

    private static bool IsText(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String;

    /// <summary>Whether this is an object with such a list.</summary>
    public static bool IsList(JsonElement root, string name) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array;
}
