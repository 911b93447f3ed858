using System.CommandLine;
using FastTrigger.Cli.Samples;

namespace FastTrigger.Cli.Commands;

/// <summary>fasttrigger events: the event sources and their sample events.</summary>
internal static class EventsCommand
{
    public static Command Create()
    {
        var name = new Argument<string?>("SOURCE")
        {
            Description = "Print the sample of this source",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new Command("events", """
            List the event sources with a sample event, or print one sample. The part of a name before a hyphen is the value for `from`.

            Examples:
              fasttrigger events
              fasttrigger events sqs/sns/s3 >event.json
            """) { name };
        command.SetAction(parsed => Print(parsed.GetValue(name)));
        return command;
    }

    private static int Print(string? name)
    {
        if (name is null)
        {
            foreach (var (_, sample) in SampleEvents.All)
            {
                Console.WriteLine($"{sample.Name,-25}{sample.What}");
            }

            return 0;
        }

        if (!SampleEvents.Names.Contains(name))
        {
            var names = string.Join(", ", SampleEvents.Names);
            throw new UsageException($"there is no sample '{name}'; the samples are {names}");
        }

        Console.Write(SampleEvents.Read(name));
        return 0;
    }
}
