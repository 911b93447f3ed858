using System.CommandLine;
using System.Text;
using FastTrigger.Cli.Output;

namespace FastTrigger.Cli.Commands;

/// <summary>fasttrigger logs: the records of a function's log, as they come, by invocation.</summary>
internal static class LogsCommand
{
    public static Command Create()
    {
        var files = new Argument<string[]>("FILE")
        {
            Description = "The function's log, one record a line, with or without what aws logs tail writes before it; or what "
                + "fasttrigger run --json printed; - for standard input",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var undone = new Option<bool>("--undone") { Description = "Show only invocations of which something was not done" };
        var route = new Option<string?>("--route")
        {
            Description = "Show only invocations that this route took part in",
            HelpName = "NAME",
        };
        var command = new Command("logs", """
            Show the records of a function's log by invocation: what each route did, why something was not
            done, and what was throttled. Reads as long as there is input, so it can stand behind a tail.

            Examples:
              aws logs tail /aws/lambda/plant-trigger --follow | fasttrigger logs -
              fasttrigger logs saved.jsonl --undone
              fasttrigger logs saved.jsonl --route drain-tank
            """) { files, undone, route };
        command.SetAction(parsed =>
        {
            var named = parsed.GetValue(files)!;
            if (named.Length == 0)
            {
                throw new UsageException($"fasttrigger logs needs FILE: {files.Description}");
            }

            foreach (var file in named.Where(static file => file != LocalFiles.StandardInput))
            {
                LocalFiles.CheckExists(file);
            }

            var timeline = new LogTimeline(Terminal.Results(), parsed.GetValue(undone), parsed.GetValue(route));
            foreach (var file in named)
            {
                var text = file == LocalFiles.StandardInput ? null : Encoding.UTF8.GetString(LocalFiles.ReadText(file));
                if (text is not null && timeline.AddRun(text))
                {
                    continue;
                }

                using TextReader reader = text is null ? new StreamReader(Console.OpenStandardInput()) : new StringReader(text);
                while (reader.ReadLine() is { } line)
                {
                    timeline.Add(line);
                }
            }

            return timeline.End() ? 0 : throw new UsageException(
                $"there is no record of FastTrigger in {string.Join(", ", named.Select(LocalFiles.NameOf))}\n"
                    + "a record is a line of JSON with a message and a requestId; the template sets the log to JSON");
        });
        return command;
    }
}
