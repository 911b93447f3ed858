using System.Text.RegularExpressions;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Architecture;

/// <summary>Dependencies point one way: what a folder of the library may name.</summary>
public sealed partial class DependencyTests
{
    private static readonly Dictionary<string, string[]> s_allowed = new()
    {
        ["Http"] = [],
        ["Json"] = ["Http"],
        ["Telemetry"] = ["Http"],
        ["Runtime"] = ["Http", "Telemetry"],
        ["Patterns"] = ["Json", "Http"],
        ["Events"] = ["Runtime", "Json", "Http"],
        ["Values"] = ["Events", "Json", "Http"],
        ["Aws"] = ["Json", "Http"],
        ["Actions"] = ["Aws", "Values", "Events", "Runtime", "Telemetry", "Json", "Http"],
        ["Routing"] = ["Actions", "Patterns", "Aws", "Values", "Events", "Runtime", "Telemetry", "Json", "Http"],
    };

    public static TheoryData<string> Folders => [.. Directory.GetDirectories(Path.Combine(TestEnvironment.Root, "src", "FastTrigger")).Select(folder => Path.GetFileName(folder)!).Where(name => name is not ("bin" or "obj"))];

    [Theory]
    [MemberData(nameof(Folders))]
    public void A_folder_names_only_those_below_it(string folder)
    {
        Assert.True(s_allowed.ContainsKey(folder), $"{folder} is new: say here what it may name");
        foreach (var file in Directory.GetFiles(Path.Combine(TestEnvironment.Root, "src", "FastTrigger", folder), "*.cs", SearchOption.AllDirectories))
        {
            foreach (var name in Names().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value).Where(name => name != folder && s_allowed.ContainsKey(name)))
            {
                Assert.True(s_allowed[folder].Contains(name), $"{Path.GetFileName(file)} in {folder} names {name}");
            }
        }
    }

    [Theory]
    [InlineData("src/FastTrigger.Bootstrap", 0)]
    [InlineData("src/FastTrigger", 0)]
    public void Nothing_from_a_package_is_in_the_binary(string project, int packages) =>
        Assert.Equal(packages, Directory.GetFiles(Path.Combine(TestEnvironment.Root, project), "*.csproj").Sum(file => Regex.Count(File.ReadAllText(file), "<PackageReference")));

    [GeneratedRegex(@"FastTrigger\.([A-Z][A-Za-z]+)(?:[.;]|\b)")]
    private static partial Regex Names();
}
