using FastTrigger.Cli.ColdStart;

namespace FastTrigger.Cli.Commands;

/// <summary>The programs that coldstart compares.</summary>
internal static class LabCandidates
{
    private const string FloorFile = "coldstart-floor";

    /// <param name="compare">Other custom runtimes, as NAME=COMMAND.</param>
    /// <param name="programs">Other programs, as NAME=COMMAND.</param>
    public static List<Candidate> Create(string bootstrap, string[] compare, string[] programs)
    {
        var all = new List<Candidate>();
        // The floor is the minimum cost of a custom runtime. Without it, FastTrigger is the reference of the ratios.
        if (FindFloor() is { } floor)
        {
            all.Add(new(ColdStartNames.Floor, [floor], true));
        }

        all.Add(new(ColdStartNames.FastTrigger, [Path.GetFullPath(bootstrap)], true));
        all.AddRange(compare.Select(static text => Parse("--compare", text, true)));
        all.AddRange(programs.Select(static text => Parse("--program", text, false)));
        return all;
    }

    private static string? FindFloor()
    {
        try
        {
            return Path.GetFullPath(LocalFiles.Find(FloorFile, ""));
        }
        catch (UsageException)
        {
            return null;
        }
    }

    private static Candidate Parse(string option, string text, bool isFunction)
    {
        var equals = text.IndexOf('=');
        var parts = equals < 1 ? [] : text[(equals + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length == 0)
        {
            throw new UsageException($"{option} takes NAME=COMMAND, not '{text}'");
        }

        var program = parts[0].Contains('/') ? Path.GetFullPath(parts[0]) : FindInPath(parts[0]);
        if (program is null || !File.Exists(program))
        {
            throw new UsageException($"{option}: there is no program {parts[0]}");
        }

        // The function starts in another folder, so arguments that are files become full paths.
        var arguments = parts.Skip(1).Select(static part => File.Exists(part) ? Path.GetFullPath(part) : part);
        return new(text[..equals], [program, .. arguments], isFunction);
    }

    private static string? FindInPath(string program)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':');
        return folders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
    }
}
