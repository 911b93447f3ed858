using System.CommandLine;
using FastTrigger.Cli.Recipes;
using FastTrigger.Json;

namespace FastTrigger.Cli.Commands;

/// <summary>fasttrigger init: the first files of a new function.</summary>
internal static class InitCommand
{
    public static Command Create()
    {
        var recipes = string.Join('\n', Recipe.All.Select(recipe => $"  {recipe.Name,-16}{recipe.What}"));
        var name = new Argument<string>("RECIPE")
        {
            Description = $"What the first route does. Default: {Recipe.All[0].Name}",
            HelpName = "RECIPE",
            DefaultValueFactory = _ => Recipe.All[0].Name,
        };
        name.CompletionSources.Add([.. Recipe.All.Select(recipe => recipe.Name)]);
        var output = new Option<string>("--out")
        {
            Description = "The folder for the files. It is created when it is not there",
            HelpName = "FOLDER",
            DefaultValueFactory = _ => "",
        };
        var command = new Command("init", $"""
            Write the first files of a function: routes.json, an event that it takes, a world file with the servers it acts on, and the
            schema for editors. Nothing that is there is overwritten.

            Recipes:
            {recipes}

            Examples:
              fasttrigger init
              fasttrigger init owner-tags --out my-function
            """) { name, output };
        command.SetAction(parsed => Write(parsed.GetValue(name)!, parsed.GetValue(output)!));
        return command;
    }

    private static int Write(string name, string folder)
    {
        var names = Recipe.All.Select(recipe => recipe.Name).ToList();
        var recipe = Recipe.All.FirstOrDefault(recipe => recipe.Name == name) ?? throw new UsageException(
            $"there is no recipe '{name}'\n{NearName.Hint(name, names, $"the recipes are {string.Join(", ", names)}")}");
        var there = Recipe.FileNames.Select(file => Path.Combine(folder, file)).Where(Path.Exists).ToList();
        if (there.Count > 0)
        {
            throw new UsageException($"{string.Join(", ", there)}: already there, and nothing was written\nname another folder with --out");
        }

        try
        {
            if (folder.Length > 0)
            {
                Directory.CreateDirectory(folder);
            }

            foreach (var file in Recipe.FileNames)
            {
                // Never over a file that appeared meanwhile.
                using var stream = new FileStream(Path.Combine(folder, file), FileMode.CreateNew);
                using var writer = new StreamWriter(stream);
                writer.Write(recipe.Read(file));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--out: {e.Message}");
        }

        var tool = ToolName();
        Console.WriteLine($"""
            wrote {string.Join(", ", Recipe.FileNames)}: {recipe.Name} {recipe.What}

            next{(folder.Length == 0 ? "" : $", in {folder}")}:
              {tool} check
              {tool} run event.json
              {tool} template --out template.yaml

            other recipes: {string.Join(", ", names.Where(other => other != recipe.Name))}
            """);
        return 0;
    }

    /// <summary>How this tool is called from the current folder.</summary>
    private static string ToolName()
    {
        var path = Environment.ProcessPath ?? "fasttrigger";
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        return folders.Contains(Path.GetDirectoryName(path)) || Path.GetFileNameWithoutExtension(path) == "dotnet" ? "fasttrigger" : path;
    }
}
