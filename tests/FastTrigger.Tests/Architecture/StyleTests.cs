using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Architecture;

/// <summary>A line fits beside its diff, and a file is read in one sitting.</summary>
public sealed class StyleTests
{
    private const int MaxColumns = 140, MaxLines = 300;

    private static readonly HashSet<string> s_generated = ["bin", "obj", "artifacts", "node_modules"];

    [Fact]
    public void Code_has_short_lines_and_short_files()
    {
        var files = CodeFiles();
        Assert.Contains("src/FastTrigger/FunctionHost.cs", files);
        Assert.Contains(files, file => file.EndsWith(".sh", StringComparison.Ordinal));
        var longFiles = files
            .Where(file => file.EndsWith(".cs", StringComparison.Ordinal))
            .Select(file => (Name: file, Lines: File.ReadLines(Full(file)).Count()))
            .Where(file => file.Lines > MaxLines)
            .Select(file => $"{file.Name}: {file.Lines} lines, and {MaxLines} is the limit");
        AssertNone([.. files.SelectMany(LongLines), .. longFiles]);
    }

    /// <summary>System first, then by name: the build checks all other style.</summary>
    [Fact]
    public void Usings_are_in_order()
    {
        var problems = new List<string>();
        foreach (var file in CodeFiles().Where(static file => file.EndsWith(".cs", StringComparison.Ordinal)))
        {
            string[] names =
            [
                .. File.ReadLines(Full(file))
                    .TakeWhile(static line => line.Length == 0 || line[0] is 'u' or '/' or '#')
                    .Where(static line => line.StartsWith("using ", StringComparison.Ordinal) && !line.Contains('='))
                    .Where(static line => !line.StartsWith("using static ", StringComparison.Ordinal))
                    .Select(static line => line[6..^1]),
            ];
            var ordered = names
                .OrderBy(static name => name == "System" || name.StartsWith("System.", StringComparison.Ordinal) ? 0 : 1)
                .ThenBy(static name => name, StringComparer.OrdinalIgnoreCase);
            if (!names.SequenceEqual(ordered))
            {
                problems.Add($"{file}: {string.Join(", ", ordered)}");
            }
        }

        AssertNone(problems);
    }

    [Fact]
    public void Documentation_has_short_lines()
    {
        var pages = Directory.GetFiles(Full("docs"), "*.md").Select(Relative).Order(StringComparer.Ordinal);
        string[] files = ["README.md", "CONTRIBUTING.md", .. pages];
        Assert.Contains("docs/rules.md", files);
        AssertNone([.. files.SelectMany(LongLines)]);
    }

    private static void AssertNone(List<string> problems) => Assert.True(problems.Count == 0, string.Join('\n', problems));

    private static List<string> CodeFiles() =>
        [.. ((string[])["src", "tests", "build"]).SelectMany(folder => Files(Full(folder))).Select(Relative).Order(StringComparer.Ordinal)];

    /// <summary>Sources, without folders that a build writes: nothing descends into a node_modules.</summary>
    private static IEnumerable<string> Files(string folder) =>
        Directory.EnumerateFiles(folder)
            .Where(file => Path.GetExtension(file) is ".cs" or ".sh" or ".mjs" or ".c" or ".go" or ".rs" or ".py")
            .Concat(Directory.EnumerateDirectories(folder)
                .Where(inner => !s_generated.Contains(Path.GetFileName(inner)))
                .SelectMany(Files));

    private static IEnumerable<string> LongLines(string file) =>
        File.ReadLines(Full(file)).Index()
            .Where(line => line.Item.Length > MaxColumns)
            .Select(line => $"{file}:{line.Index + 1}: {line.Item.Length} columns, and {MaxColumns} is the limit");

    private static string Full(string file) => Path.Combine(TestEnvironment.Root, file);

    private static string Relative(string file) => Path.GetRelativePath(TestEnvironment.Root, file);
}
