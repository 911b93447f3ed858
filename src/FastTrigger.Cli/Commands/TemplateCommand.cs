using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using FastTrigger.Cli.Routes;
using FastTrigger.Cli.Templates;
using YamlDotNet.Core;
using JsonNode = System.Text.Json.Nodes.JsonNode;

namespace FastTrigger.Cli.Commands;

/// <summary>fasttrigger template: the AWS SAM template of the routes.</summary>
internal static class TemplateCommand
{
    private const int MaxDifferences = 20;

    public static Command Create()
    {
        var routes = LocalCommandOptions.RoutesOption();
        var output = new Option<string?>("--out")
        {
            Description = "The template. Default: standard output",
            HelpName = "FILE",
        };
        var check = new Option<string?>("--check")
        {
            Description = "Compare with this deployed template instead. Exit code 1 with the differences when it does not match",
            HelpName = "FILE",
        };
        var timeout = new Option<int>("--timeout")
        {
            Description = "The function's timeout in seconds, and the maximum of its parameter. The queues are sized for it",
            HelpName = "SECONDS",
            DefaultValueFactory = _ => 30,
        };
        var code = new Option<string>("--code")
        {
            Description = "The zip, as a path from the template",
            HelpName = "FILE",
            DefaultValueFactory = _ => "function.zip",
        };
        var filter = new Option<bool>("--filter-streams")
        {
            Description = "Let Lambda filter out stream records that no route takes. They then cost nothing and are not logged",
        };
        var dashboard = new Option<bool>("--dashboard")
        {
            Description = "Add a CloudWatch dashboard of the function's metrics and of what failed",
        };
        var command = new Command("template", """
            Print the AWS SAM template of the routes: function and alias, a rule or schedule with a dead-letter queue for each route,
            queues for routes with retryFor, playback, act-once table, least-privilege role, and alarms. Parameters add a trail, a
            network, a key and concurrency.

            Examples:
              fasttrigger template --routes routes.json --out template.yaml
              fasttrigger template --routes routes.json --check deployed.yaml
            """) { routes, output, check, timeout, code, filter, dashboard };
        command.SetAction(parsed => Run(
            LocalFiles.Routes(parsed.GetValue(routes)),
            parsed.GetValue(output),
            parsed.GetValue(check),
            new(parsed.GetValue(timeout), parsed.GetValue(code)!, parsed.GetValue(filter), parsed.GetValue(dashboard))));
        return command;
    }

    private static int Run(string file, string? output, string? check, TemplateSettings settings)
    {
        if (settings.TimeoutSeconds is < 1 or > LocalCommandOptions.MaxTimeoutSeconds)
        {
            throw new UsageException(string.Create(
                CultureInfo.InvariantCulture,
                $"--timeout takes 1 to {LocalCommandOptions.MaxTimeoutSeconds} seconds, not {settings.TimeoutSeconds}"));
        }

        if (LocalFiles.ReadRoutes(file, Deployment.Template) is not { } routes)
        {
            return 1;
        }

        var (table, source) = (routes.Table, routes.Source);
        var deployed = check is null ? null : ReadDeployed(check);
        var generator = new TemplateGenerator(table, source, deployed is null ? settings : SettingsOf(deployed, settings));
        var template = generator.Generate();
        // Those that are not about the settings of this command were found before.
        if (generator.Problems.Count > 0)
        {
            Console.Error.WriteLine(routes.Locate(generator.Problems));
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
            return TemplateYaml.Read(Encoding.UTF8.GetString(LocalFiles.ReadText(file)));
        }
        catch (YamlException e)
        {
            throw new UsageException(string.Create(
                CultureInfo.InvariantCulture,
                $"{file}:{e.Start.Line}:{e.Start.Column}: this is neither YAML nor JSON: {e.Message}"));
        }
    }

    /// <summary>The settings that a deployed template records; the given ones when it records none.</summary>
    private static TemplateSettings SettingsOf(JsonNode deployed, TemplateSettings given) =>
        (deployed as JsonObject)?["Metadata"] is JsonObject metadata
        && metadata["FastTrigger"] is JsonObject recorded
        && int.TryParse(recorded["Timeout"]?.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var timeout)
            ? new(
                timeout,
                recorded["Code"]?.ToString() ?? given.Code,
                recorded["FilterStreams"]?.ToString() == "true",
                recorded["Dashboard"]?.ToString() == "true")
            : given;

    private static int Compare(string check, string file, JsonNode? deployed, JsonObject template)
    {
        var differences = TemplateDrift.Find(deployed, template);
        foreach (var difference in differences.Take(MaxDifferences))
        {
            Console.Error.WriteLine(difference);
        }

        if (differences.Count > MaxDifferences)
        {
            Console.Error.WriteLine($"... and {differences.Count - MaxDifferences} more");
        }

        Console.WriteLine(differences.Count == 0
            ? $"{check} matches {file}"
            : $"{check} does not match {file}: {differences.Count} differences");
        return differences.Count == 0 ? 0 : 1;
    }
}
