using System.CommandLine;
using System.CommandLine.Completions;
using System.Text.Json.Nodes;
using FastTrigger.Cli.Output;
using FastTrigger.Cli.Samples;
using NearName = FastTrigger.Json.NearName;

namespace FastTrigger.Cli.Commands;

/// <summary>fasttrigger events: the event sources and their sample events.</summary>
internal static class EventsCommand
{
    public static Command Create()
    {
        var name = new Argument<string?>("SAMPLE")
        {
            Description = "Print this sample",
            HelpName = "SAMPLE",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var variant = new Option<string?>("--variant")
        {
            Description = "Print another form of the sample; the list shows the forms of each",
            HelpName = "VARIANT",
        };
        var set = new Option<string[]>("--set")
        {
            Description = "Change a value: the path as in a route, the value as JSON or else text; may be repeated",
            HelpName = "PATH=VALUE",
            DefaultValueFactory = _ => [],
        };
        name.CompletionSources.Add(_ => SampleEvents.Names.Select(sample => new CompletionItem(sample)));
        variant.CompletionSources.Add(context => Variants(context.ParseResult.GetValue(name)));
        var command = new Command("events", """
            List the event sources with their sample events, or print one sample. The part of a name before a hyphen is the value for
            `from`.

            Examples:
              fasttrigger events
              fasttrigger events sqs/sns/s3 >event.json
              fasttrigger events eventbridge-ec2-state --variant stopped >event.json
              fasttrigger events eventbridge-run-instances --set detail.userIdentity.userName=bob >event.json
            """) { name, variant, set };
        command.SetAction(parsed => Print(parsed.GetValue(name), parsed.GetValue(variant), parsed.GetValue(set)!));
        return command;
    }

    private static int Print(string? name, string? variant, string[] set)
    {
        if (name is null)
        {
            if (variant is not null || set.Length > 0)
            {
                throw new UsageException("""
                    --variant and --set change a sample, and none is named
                    for example: fasttrigger events eventbridge-ec2-state --variant stopped
                    """);
            }

            Console.Write(SampleList.Text(Terminal.Columns()));
            return 0;
        }

        if (!SampleEvents.Names.Contains(name))
        {
            throw new UsageException($"there is no sample '{name}'\n{SampleList.Hint(name)}");
        }

        var text = SampleEvents.Read(name);
        if (variant is null && set.Length == 0)
        {
            Console.Write(text);
            return 0;
        }

        var root = JsonNode.Parse(text)!;
        if (variant is not null)
        {
            root = Find(name, variant).Apply(root);
        }

        root = set.Aggregate(root, EventEdit.Set);
        Console.WriteLine(root.ToJsonString(ReadableJson.Indented));
        return 0;
    }

    private static SampleVariant Find(string name, string variant)
    {
        var variants = SampleEvents.Variants(name);
        if (variants.FirstOrDefault(one => one.Name == variant) is { } found)
        {
            return found;
        }

        var varied = SampleEvents.Names.Where(other => SampleEvents.Variants(other) is not []);
        var names = variants.Select(one => one.Name).ToList();
        var right = names is []
            ? $"these samples have variants: {string.Join(", ", varied)}"
            : NearName.Hint(variant, names, $"its variants are {string.Join(", ", names)}");
        throw new UsageException($"{name} has no variant '{variant}'\n{right}");
    }

    private static IEnumerable<CompletionItem> Variants(string? name) =>
        name is null ? [] : SampleEvents.Variants(name).Select(one => new CompletionItem(one.Name));
}
