using System.CommandLine;
using System.Text;
using FastTrigger.Cli.Insights;
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
        var query = new Option<string?>("--query")
        {
            Description = "Show instead the answer of a query of CloudWatch Logs Insights: fields, filter, parse, stats, sort, limit",
            HelpName = "FILE",
        };
        var command = new Command("logs", """
            Show the records of a function's log by invocation: what each route did, why something was not
            done, and what was throttled. Reads as long as there is input, so it can stand behind a tail.

            Examples:
              aws logs tail /aws/lambda/plant-trigger --follow | fasttrigger logs -
              fasttrigger logs saved.jsonl --undone
              fasttrigger logs saved.jsonl --route drain-tank
              fasttrigger logs saved.jsonl --query build/queries/failed.txt
            """) { files, undone, route, query };
        command.SetAction(parsed =>
        {
            var named = parsed.GetValue(files)!;
            if (named.Length == 0)
            {
                throw new UsageException($"fasttrigger logs needs FILE: {files.Description}");
            }

            foreach (var name in named.Where(static name => name != LocalFiles.StandardInput))
            {
                LocalFiles.CheckExists(name);
            }

            var names = string.Join(", ", named.Select(LocalFiles.NameOf));
            if (parsed.GetValue(query) is { } file)
            {
                return Answer(file, Lines(named), names);
            }

            var timeline = new LogTimeline(Terminal.Results(), parsed.GetValue(undone), parsed.GetValue(route));
            foreach (var line in Lines(named))
            {
                timeline.Add(line.Record);
            }

            return timeline.End() ? 0 : throw NoRecord(names);
        });
        command.Validators.Add(result =>
        {
            if (result.GetValue(query) is not null && (result.GetValue(undone) || result.GetValue(route) is not null))
            {
                result.AddError("--query says itself what is shown: leave out --undone and --route");
            }
        });
        return command;
    }

    private static IEnumerable<LogLine> Lines(string[] files)
    {
        foreach (var file in files)
        {
            var text = file == LocalFiles.StandardInput ? null : Encoding.UTF8.GetString(LocalFiles.ReadText(file));
            if (text is not null && LogLines.ReadRun(text) is { } records)
            {
                foreach (var record in records)
                {
                    yield return record;
                }

                continue;
            }

            using TextReader reader = text is null ? new StreamReader(Console.OpenStandardInput()) : new StringReader(text);
            while (reader.ReadLine() is { } line)
            {
                if (LogLines.Read(line) is { } record)
                {
                    yield return record;
                }
            }
        }
    }

    private static int Answer(string file, IEnumerable<LogLine> lines, string names)
    {
        LogQuery query;
        try
        {
            query = LogQuery.Parse(Encoding.UTF8.GetString(LocalFiles.ReadText(file)), LocalFiles.NameOf(file));
        }
        catch (FormatException e)
        {
            throw new UsageException(e.Message);
        }

        var records = lines.Select(static line => new QueryRow(line.Record) { ["@logStream"] = line.Stream }).ToList();
        if (records.TrueForAll(static record => record["message"] is "metrics"))
        {
            throw NoRecord(names);
        }

        var answer = query.Run(records);
        var texts = Enumerable.Range(0, query.Columns.Count)
            .Where(column => !answer.TrueForAll(row => row[query.Columns[column]] is null or double)).ToHashSet();
        var rows = answer.Select(row => (IReadOnlyList<string>)[.. query.Columns.Select(name => Cell(row[name]))]);
        new TextTable(query.Columns, [.. rows], texts).Write(Terminal.Results(), Terminal.Columns(), "a wider terminal");
        return 0;
    }

    private static string Cell(object? value)
    {
        const int MaxCell = 1_000;
        var text = StyledLine.Harmless(QueryRow.Shown(value));
        return text.Length <= MaxCell ? text : text[..MaxCell] + " (cut)";
    }

    private static UsageException NoRecord(string names) => new(
        $"there is no record of FastTrigger in {names}\n"
            + "a record is a line of JSON with a message and a requestId: AWS_LAMBDA_LOG_FORMAT=JSON, which the template sets");
}
