using System.Text.RegularExpressions;
using FastTrigger.Tests.Support;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FastTrigger.Tests.Architecture;

/// <summary>
/// Dependencies point one way. The compiler says which file declares each name that a file uses, so a public type in the root namespace and
/// a member that is reached through another type count like any other.
/// </summary>
public sealed class DependencyTests
{
    private static readonly string s_library = Path.Combine(TestEnvironment.Root, "src", "FastTrigger");

    /// <summary>What each folder may use, from the bottom up. The root composes all of them, and none of them uses the root.</summary>
    private static readonly Dictionary<string, string[]> s_allowed = new()
    {
        ["Core"] = [],
        ["Json"] = ["Core"],
        ["Http"] = ["Core"],
        ["Telemetry"] = ["Core"],
        ["Patterns"] = ["Json", "Core"],
        ["Runtime"] = ["Http", "Telemetry", "Core"],
        ["Events"] = ["Json", "Core"],
        ["Values"] = ["Events", "Json", "Core"],
        ["Configuration"] = ["Http", "Telemetry", "Core"],
        ["Aws"] = ["Configuration", "Telemetry", "Http", "Json", "Core"],
        ["Actions"] = ["Aws", "Configuration", "Values", "Events", "Runtime", "Telemetry", "Http", "Json", "Core"],
        ["Routing"] = ["Actions", "Configuration", "Patterns", "Values", "Events", "Runtime", "Http", "Json", "Core"],
        ["Dispatch"] = ["Routing", "Actions", "Aws", "Configuration", "Values", "Events", "Runtime", "Telemetry", "Http", "Json", "Core"],
    };

    private static readonly Lazy<Dictionary<string, List<string>>> s_uses = new(ReadUses);

    public static TheoryData<string> Folders =>
        [.. Directory.GetDirectories(s_library).Select(folder => Path.GetFileName(folder)!).Where(name => name is not ("bin" or "obj"))];

    [Theory]
    [MemberData(nameof(Folders))]
    public void A_folder_uses_only_those_below_it(string folder)
    {
        Assert.True(s_allowed.ContainsKey(folder), $"{folder} is new: say here what it may use");
        var allowed = s_allowed[folder].Append(folder).ToHashSet();
        Assert.Empty(s_uses.Value.GetValueOrDefault(folder, []).Where(use => !allowed.Contains(use.Split('/')[0])).Distinct());
    }

    [Fact]
    public void The_compiler_sees_the_public_types_where_they_are_declared() =>
        Assert.Contains(s_uses.Value["Values"], use => use.StartsWith("Events/Item.cs", StringComparison.Ordinal));

    [Theory]
    [InlineData("src/FastTrigger.Bootstrap", 0)]
    [InlineData("src/FastTrigger", 0)]
    public void Nothing_from_a_package_is_in_the_binary(string project, int packages) => Assert.Equal(
        packages,
        Directory.GetFiles(Path.Combine(TestEnvironment.Root, project), "*.csproj")
            .Sum(file => Regex.Count(System.IO.File.ReadAllText(file), "<PackageReference")));

    /// <summary>For each folder "FOLDER/FILE NAME, used in FILE" of what its files use of other folders.</summary>
    private static Dictionary<string, List<string>> ReadUses()
    {
        var options = new CSharpParseOptions(LanguageVersion.Preview);
        const string Usings =
            "System System.IO System.Linq System.Net.Http System.Threading System.Threading.Tasks System.Collections.Generic";
        var usings = Usings.Split(' ');
        var trees = Directory.EnumerateFiles(s_library, "*.cs", SearchOption.AllDirectories)
            .Where(file => Folder(file) is not ("bin" or "obj"))
            .Select(file => CSharpSyntaxTree.ParseText(System.IO.File.ReadAllText(file), options, file))
            .Append(CSharpSyntaxTree.ParseText(string.Concat(usings.Select(name => $"global using {name};")), options))
            .ToList();
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(file => Path.GetFileName(file).StartsWith("System.", StringComparison.Ordinal))
            .Select(file => MetadataReference.CreateFromFile(file));
        var compilation = CSharpCompilation.Create(
            "FastTrigger",
            trees,
            references,
            new(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));
        var uses = new Dictionary<string, List<string>>();
        foreach (var tree in trees.Where(tree => Folder(tree.FilePath).Length > 0))
        {
            var model = compilation.GetSemanticModel(tree);
            var found = uses.TryGetValue(Folder(tree.FilePath), out var known) ? known : uses[Folder(tree.FilePath)] = [];
            var nodes = tree.GetRoot().DescendantNodes()
                .Where(node => node is SimpleNameSyntax or ImplicitObjectCreationExpressionSyntax);
            foreach (var node in nodes)
            {
                if (model.GetSymbolInfo(node).Symbol is { } symbol and not INamespaceSymbol
                    && File(symbol) is { } file
                    && Folder(file) != Folder(tree.FilePath))
                {
                    found.Add($"{Path.GetRelativePath(s_library, file)} {symbol.Name}, used in {Path.GetFileName(tree.FilePath)}");
                }
            }
        }

        return uses;
    }

    /// <summary>The file that declares a type, or the type of a member; null for what is not of the library.</summary>
    private static string? File(ISymbol symbol) =>
        (symbol as INamedTypeSymbol ?? symbol.ContainingType)
            ?.OriginalDefinition.DeclaringSyntaxReferences.FirstOrDefault()?.SyntaxTree.FilePath;

    /// <summary>The first folder below the library; empty for the root and for what is outside.</summary>
    private static string Folder(string file) =>
        file.Length > 0 && Path.GetRelativePath(s_library, file).Split('/') is [var folder, _, ..] ? folder : "";
}
