using System.CommandLine;
using FastTrigger.Cli.Samples;

namespace FastTrigger.Cli.Commands;

/// <summary>fasttrigger events: what may come in.</summary>
internal static class EventsCommand
{
    public static Command Create()
    {
        var name = new Argument<string?>("SOURCE") { Description = "Print this sample instead", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("events", """
            List the event sources, each with a sample event; or print the sample of one, to be run or changed. The name up to a hyphen is what `from` takes.

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
            foreach (var (known, what) in SampleEvents.All)
            {
                Console.WriteLine($"{known,-25}{what}");
            }

            return 0;
        }

        if (!SampleEvents.All.Any(sample => sample.Name == name))
        {
            throw new UsageException($"'{name}' is no sample; there are {string.Join(", ", SampleEvents.All.Select(sample => sample.Name))}");
        }

        Console.Write(SampleEvents.Read(name));
        return 0;
    }
}
