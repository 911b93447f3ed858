using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FastTrigger.Cli.Templates;
using FastTrigger.Json;
using FastTrigger.Routing;
using YamlDotNet.Core;
using JsonNode = System.Text.Json.Nodes.JsonNode;

namespace FastTrigger.Cli.Commands;

/// <summary>fasttrigger template: the AWS SAM template of the routes.</summary>
internal static class TemplateCommand
{
    private const int MostDifferences = 20, LongestTimeout = 900;

    public static Command Create()
    {
        var routes = new Option<string?>("--routes") { Description = "The routes file. Default: build/demo/routes.json", HelpName = "FILE" };
        var output = new Option<string?>("--out") { Description = "The template; standard output when it is left out", HelpName = "FILE" };
        var check = new Option<string?>("--check") { Description = "Compare with this deployed template instead: exit code 1, with every difference, when it is not what the routes ask for", HelpName = "FILE" };
        var timeout = new Option<int>("--timeout") { Description = "The function's timeout and the most that its parameter takes, in seconds. The queues are made for it", HelpName = "SECONDS", DefaultValueFactory = _ => 30 };
        var code = new Option<string>("--code") { Description = "The zip, as it is found from the template", HelpName = "FILE", DefaultValueFactory = _ => "function.zip" };
        var filter = new Option<bool>("--filter-streams") { Description = "Have Lambda leave out records of streams that no route takes. They cost nothing then, and are not logged" };
        var command = new Command("template", """
            Print the AWS SAM template of the routes: function and alias, a rule or schedule for each route with a dead-letter queue of its own, queues for routes
            with retryFor, playback, act-once table, least-privilege role, alarms, and, by its parameters, trail, network, key and concurrency.

            Examples:
              fasttrigger template --routes routes.json --out template.yaml
              fasttrigger template --routes routes.json --check deployed.yaml
            """) { routes, output, check, timeout, code, filter };
        command.SetAction(parsed => Run(
            parsed.GetValue(routes) ?? LocalRun.Find("build/demo/routes.json", "there is no build/demo/routes.json here: name a file with --routes"),
            parsed.GetValue(output),
            parsed.GetValue(check),
            new(parsed.GetValue(timeout), parsed.GetValue(code)!, parsed.GetValue(filter))));
        return command;
    }

    private static int Run(string file, string? output, string? check, TemplateSettings settings)
    {
        if (settings.TimeoutSeconds is < 1 or > LongestTimeout)
        {
            throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"--timeout takes 1 to {LongestTimeout} seconds, not {settings.TimeoutSeconds}"));
        }

        var text = LocalRun.Read(file);
        var mistakes = new JsonProblems(file, text);
        if (RoutesFile.Read(text, handlers: null, mistakes) is not { } table)
        {
            Console.Error.WriteLine(mistakes);
            return 1;
        }

        var deployed = check is null ? null : ReadDeployed(check);
        var generator = new TemplateGenerator(table, JsonNode.Parse(text, documentOptions: new() { CommentHandling = JsonCommentHandling.Skip })!, deployed is null ? settings : SettingsOf(deployed, settings));
        var template = generator.Generate();
        if (generator.Problems.Count > 0)
        {
            Console.Error.WriteLine(string.Join('\n', generator.Problems.Select(problem => $"{file}: {problem}")));
            return 1;
        }

        foreach (var note in generator.Notes)
        {
            Console.Error.WriteLine($"note: {note}");
        }

        return check is not null ? Compare(check, file, deployed, template) : Write(TemplateYaml.Write(template), output);
    }

    private static int Write(string text, string? output)
    {
        if (output is null)
        {
            Console.Write(text);
            return 0;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(output))!);
        File.WriteAllText(output, text);
        return 0;
    }

    private static JsonNode? ReadDeployed(string file)
    {
        try
        {
            return TemplateYaml.Read(Encoding.UTF8.GetString(LocalRun.Read(file)));
        }
        catch (YamlException e)
        {
            throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"{file}:{e.Start.Line}:{e.Start.Column}: this is neither YAML nor JSON: {e.Message}"));
        }
    }

    /// <summary>What it was made with, as it says itself.</summary>
    private static TemplateSettings SettingsOf(JsonNode deployed, TemplateSettings otherwise) =>
        (deployed as JsonObject)?["Metadata"] is JsonObject metadata && metadata["FastTrigger"] is JsonObject made && int.TryParse(made["Timeout"]?.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var timeout)
            ? new(timeout, made["Code"]?.ToString() ?? otherwise.Code, made["FilterStreams"]?.ToString() == "true")
            : otherwise;

    private static int Compare(string check, string file, JsonNode? deployed, JsonObject template)
    {
        var differences = TemplateDrift.Find(deployed, template);
        foreach (var difference in differences.Take(MostDifferences))
        {
            Console.Error.WriteLine(difference);
        }

        if (differences.Count > MostDifferences)
        {
            Console.Error.WriteLine($"... and {differences.Count - MostDifferences} more");
        }

        Console.WriteLine(differences.Count == 0 ? $"{check} is what {file} asks for" : $"{check} is not what {file} asks for: {differences.Count} differences");
        return differences.Count == 0 ? 0 : 1;
    }
}
