namespace FastTrigger.NativeTests;

/// <summary>fasttrigger init: the first files of a function.</summary>
public sealed class InitTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fasttrigger-init-").FullName;

    public static TheoryData<string> Recipes => [.. Cli.Recipes.Recipe.All.Select(recipe => recipe.Name)];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Recipes))]
    public async Task A_recipe_is_right_is_done_and_can_be_deployed(string recipe)
    {
        var (exitCode, output, error) = await RunAsync($"init {recipe}");
        Assert.Equal((0, ""), (exitCode, error));
        // Its three next commands, as they are printed.
        var commands = output.Split('\n').SkipWhile(line => line != "next:").Skip(1).Take(3).Select(line => line.Trim()).ToList();
        Assert.All(commands, command => Assert.StartsWith(Artifacts.Tool, command, StringComparison.Ordinal));
        var outputs = new List<string>();
        foreach (var command in commands)
        {
            (exitCode, output, error) = await RunAsync(command[Artifacts.Tool.Length..]);
            Assert.True(exitCode == 0, $"{command}\n{output}{error}");
            outputs.Add(output);
        }

        Assert.Matches("^routes.json: (1 route|2 routes), no errors\n$", outputs[0]);
        Assert.EndsWith("everything was done\n", outputs[1], StringComparison.Ordinal);
        Assert.Contains("AWS::Serverless::Function", await ReadAsync("template.yaml"), StringComparison.Ordinal);
        Assert.Equal("./routes.schema.json", JsonNode.Parse(await ReadAsync("routes.json"))!["$schema"]!.ToString());
        var schema = Path.Combine(Artifacts.Root, "build", "routes.schema.json");
        Assert.Equal(await File.ReadAllTextAsync(schema, Artifacts.Token), await ReadAsync("routes.schema.json"));
    }

    [Fact]
    public async Task Nothing_is_overwritten()
    {
        var world = Path.Combine(_folder, "world.json");
        await File.WriteAllTextAsync(world, "mine", Artifacts.Token);
        var (exitCode, _, error) = await RunAsync("init");
        Assert.Equal((2, "world.json: already there, and nothing was written\nname another folder with --out\n"), (exitCode, error));
        Assert.Equal([world], Directory.GetFiles(_folder));
        (exitCode, var output, _) = await RunAsync("init --out new/function");
        Assert.Equal(0, exitCode);
        Assert.Contains("next, in new/function:", output, StringComparison.Ordinal);
        Assert.Equal(4, Directory.GetFiles(Path.Combine(_folder, "new", "function")).Length);
    }

    [Theory]
    [InlineData("init owner-tag", "there is no recipe 'owner-tag'\ndid you mean 'owner-tags'?\n")]
    [InlineData("init pumps", "there is no recipe 'pumps'\nthe recipes are state-change, owner-tags,")]
    [InlineData("init --out /proc/none", "--out: ")]
    public async Task A_wrong_recipe_or_folder_is_said_in_two_lines(string arguments, string expected)
    {
        var (exitCode, _, error) = await RunAsync(arguments);
        Assert.Equal(2, exitCode);
        Assert.StartsWith(expected, error, StringComparison.Ordinal);
        Assert.Equal(2, error.TrimEnd().Split('\n').Length);
    }

    private Task<(int ExitCode, string Output, string Error)> RunAsync(string arguments) =>
        Artifacts.RunAsync("bash", ["-c", $"cd {_folder} && {Artifacts.Tool} {arguments}"]);

    private Task<string> ReadAsync(string file) => File.ReadAllTextAsync(Path.Combine(_folder, file), Artifacts.Token);
}
