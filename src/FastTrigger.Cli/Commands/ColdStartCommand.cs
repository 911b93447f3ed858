using System.CommandLine;
using System.Globalization;
using FastTrigger.Cli.ColdStart;
using Spectre.Console;

namespace FastTrigger.Cli.Commands;

/// <summary>fasttrigger coldstart: how long a fresh function takes, measured as Lambda would see it.</summary>
internal static class ColdStartCommand
{
    /// <summary>What a shell says of a program that Ctrl-C ended.</summary>
    private const int Interrupted = 130;

    private const string FloorFile = "coldstart-floor";

    public static Command Create()
    {
        var file = new Option<string?>("--event") { Description = "The event that is delivered. Default: build/demo/launch.json", HelpName = "FILE" };
        var count = new Option<int>("--count") { Description = "Fresh processes of each candidate under each limit", DefaultValueFactory = _ => 30 };
        var memory = new Option<string?>("--memory") { Description = "Memory sizes in MB whose share of a processor is imitated; none for no limits. Default: 128,512,1769 where that can be done", HelpName = "LIST" };
        var boost = new Option<string>("--init-boost") { Description = "on: the limit begins with the first GET next, as Lambda's does; off: with exec", HelpName = "on|off", DefaultValueFactory = _ => "on" };
        boost.AcceptOnlyFromAmong("on", "off");
        var spent = new Option<bool>("--spent-slice") { Description = "Also: the event comes when the share of the current 20 ms is used up" };
        var warm = new Option<int>("--warm") { Description = "Also warm invocations, that many in each of up to ten processes" };
        var stages = new Option<bool>("--stages") { Description = "Also where our own start's time goes: before Main, settings, routes, OpenSSL, handshakes, next, event" };
        var evict = new Option<bool>("--evict") { Description = "Drop the programs' files from the page cache before each start" };
        var compare = new Option<string[]>("--compare") { Description = "Another custom runtime's bootstrap beside ours, with its arguments", HelpName = "NAME=COMMAND", DefaultValueFactory = _ => [] };
        var program = new Option<string[]>("--program") { Description = "Any other program beside ours, from exec to exit; {url} and {ca} are the local AWS's address and authority", HelpName = "NAME=COMMAND", DefaultValueFactory = _ => [] };
        var output = new Option<string>("--out") { Description = "Where report.html, report.md and report.json go", HelpName = "DIR", DefaultValueFactory = _ => "coldstart-report" };
        var budgets = new Option<string?>("--budgets") { Description = "A file of budgets; exit code 1 when the one named by --budget is exceeded beyond the noise", HelpName = "FILE" };
        var budget = new Option<string?>("--budget") { Description = "Which of them", HelpName = "NAME" };
        var json = new Option<bool>("--json") { Description = "The report's JSON on standard output, and nothing else" };
        var storm = new StormOptions();
        var options = new LocalCommandOptions();
        var command = new Command("coldstart", """
            Measure cold starts on this machine: fresh processes in interleaved order, a Runtime API with next to nothing in it, AWS over https, and
            the processor shares of Lambda's memory sizes. With --storm: a load test instead, with environments that come and go as Lambda's do.

            Examples:
              fasttrigger coldstart
              fasttrigger coldstart --event my-event.json --routes my-routes.json --count 100 --memory 128,1769
              fasttrigger coldstart --compare "node=node my-runtime.mjs" --program "curl=curl -s -o /dev/null --cacert {ca} {url}/"
              fasttrigger coldstart --storm 50 --duration 60 --arrivals poisson
            """) { file, count, memory, boost, spent, warm, stages, evict, compare, program, output, budgets, budget, json };
        storm.AddTo(command);
        options.AddTo(command);
        command.SetAction(async (parsed, token) =>
        {
            if (!OperatingSystem.IsLinux())
            {
                throw new UsageException("coldstart reads its clocks and counters from Linux, which Lambda is too; run it there, or in a Linux container");
            }

            try
            {
                var local = options.Read(parsed);
                var eventFile = parsed.GetValue(file) ?? LocalRun.Find("build/demo/launch.json", "there is no build/demo/launch.json here: name an event with --event");
                if (!File.Exists(eventFile))
                {
                    throw new UsageException($"{eventFile}: there is no such file");
                }

                if (storm.Read(parsed) is { } plan)
                {
                    return await StormCommand.RunAsync(plan, eventFile, local, parsed.GetValue(output)!, parsed.GetValue(json), token);
                }

                var problem = "";
                using var quota = parsed.GetValue(memory) == "none" ? null : CpuQuota.TryOpen(out problem);
                if (problem.Length > 0)
                {
                    if (SystemdScope.Run([Environment.ProcessPath!, .. Environment.GetCommandLineArgs().Skip(1)]) is { } ended)
                    {
                        return ended;
                    }

                    Note(parsed.GetValue(memory) is not null, problem);
                }

                await using var run = await LocalRun.StartAsync(local);
                var conditions = Conditions(quota, parsed.GetValue(memory), parsed.GetValue(boost) == "on", parsed.GetValue(spent));
                var lab = new LabPlan
                {
                    EventFile = eventFile,
                    RoutesFile = local.Routes ?? LocalRun.Find("build/demo/routes.json", "there is no build/demo/routes.json here: name a file with --routes"),
                    Candidates = Candidates(run.Function.Settings.Bootstrap, parsed.GetValue(compare)!, parsed.GetValue(program)!),
                    Conditions = conditions,
                    Count = Math.Max(1, parsed.GetValue(count)),
                    Warm = parsed.GetValue(warm),
                    Stages = parsed.GetValue(stages),
                    Evict = parsed.GetValue(evict),
                };
                var laboratory = new Laboratory(lab, run, quota);
                Progress.Run(progress => laboratory.Run(progress, token));
                var limits = quota is null ? "none" : $"{quota.Kind}, periods of {CpuQuota.PeriodMicroseconds / 1000} ms";
                Write(new(lab, laboratory, MachineDescription.Read(), limits, CommandLine()), parsed.GetValue(output)!, parsed.GetValue(json));
                return parsed.GetValue(budgets) is not { } budgetFile || Hold(Budget.Read(budgetFile, parsed.GetValue(budget) ?? throw new UsageException("--budgets needs --budget NAME")), laboratory) ? 0 : 1;
            }
            // What Ctrl-C ends first may be the function.
            catch (Exception e) when (e is OperationCanceledException || (e is LabException && token.IsCancellationRequested))
            {
                return Interrupted;
            }
            catch (LabException e)
            {
                throw new UsageException(e.Message);
            }
        });
        return command;
    }

    private static bool Hold(Budget budget, Laboratory laboratory)
    {
        var all = budget.Check(laboratory.Series).ToList();
        all.ForEach(static check => Console.Error.WriteLine($"{(check.Kept ? "kept" : "EXCEEDED")}: {check.Line}"));
        return all.TrueForAll(static check => check.Kept);
    }

    /// <summary>As a person would type it again.</summary>
    public static string CommandLine() => "fasttrigger " + string.Join(' ', Environment.GetCommandLineArgs().Skip(1).Select(static argument => argument.AsSpan().ContainsAny(" ;{}\"$") ? $"'{argument}'" : argument));

    public static void WriteFile(string folder, string name, string text)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, name), text);
    }

    private static void Write(LabReport report, string folder, bool json)
    {
        var document = report.ToJson();
        WriteFile(folder, "report.json", document.ToJsonString() + "\n");
        WriteFile(folder, "report.md", report.ToMarkdown());
        WriteFile(folder, "report.html", HtmlReport.Write(report));
        if (json)
        {
            Console.WriteLine(document.ToJsonString());
            return;
        }

        foreach (var (condition, series) in report.ByCondition)
        {
            var table = new Table().Border(TableBorder.Simple).Title(condition.Name).AddColumns("", "exec → response ms", "p95", "x first", "beside FastTrigger", "exec → next", "next → response", "CPU of it", "peak MiB");
            foreach (var one in series)
            {
                table.AddRow(
                    one.Candidate.Name.EscapeMarkup(),
                    LabReport.Number(Statistics.Median(one.Values(static sample => sample.Total))),
                    LabReport.Number(Statistics.Percentile(one.Values(static sample => sample.Total), 0.95)),
                    LabReport.Number(report.RatioToFirst(one).Value),
                    report.Beside(one),
                    LabReport.Number(Statistics.Median(one.Values(static sample => sample.ExecToNext))),
                    LabReport.Number(Statistics.Median(one.Values(static sample => sample.NextToResponse))),
                    LabReport.Number(Statistics.Median(one.Values(static sample => sample.InvocationProcessor))),
                    LabReport.Number(Statistics.Median(one.Values(static sample => sample.PeakKib / 1024.0))));
            }

            RunCommand.Terminal().Write(table);
        }

        Console.WriteLine($"{Path.Combine(folder, "report.html")}, report.md and report.json say it in full");
    }

    private static void Note(bool asked, string problem)
    {
        if (asked)
        {
            throw new LabException(problem);
        }

        Console.Error.WriteLine(problem);
    }

    private static List<Condition> Conditions(CpuQuota? quota, string? memory, bool boost, bool spent)
    {
        var conditions = new List<Condition> { new(null) };
        if (quota is null)
        {
            return conditions;
        }

        foreach (var text in (memory ?? "128,512,1769").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var megabytes) || megabytes is < 128 or > 10_240)
            {
                throw new UsageException($"--memory takes sizes from 128 to 10240 MB, separated by commas, or none; not '{text}'");
            }

            conditions.Add(new(megabytes, boost));
            // One thread cannot use up more than a whole processor's share.
            if (spent && megabytes < CpuQuota.MegabytesOfOneProcessor)
            {
                conditions.Add(new(megabytes, boost, SliceSpent: true));
            }
        }

        return conditions;
    }

    private static List<Candidate> Candidates(string bootstrap, string[] compare, string[] programs)
    {
        var all = new List<Candidate>();
        // The floor is what a custom runtime could cost at the least; without it our own figures are what others are compared with.
        if (FindFloor() is { } floor)
        {
            all.Add(new(ColdStartNames.Floor, [floor], true));
        }

        all.Add(new(ColdStartNames.FastTrigger, [Path.GetFullPath(bootstrap)], true));
        all.AddRange(compare.Select(static text => Parse("--compare", text, true)));
        all.AddRange(programs.Select(static text => Parse("--program", text, false)));
        return all;
    }

    private static string? FindFloor()
    {
        try
        {
            return Path.GetFullPath(LocalRun.Find(FloorFile, ""));
        }
        catch (UsageException)
        {
            return null;
        }
    }

    private static Candidate Parse(string option, string text, bool isFunction)
    {
        var equals = text.IndexOf('=');
        var words = equals < 1 ? [] : text[(equals + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0)
        {
            throw new UsageException($"{option} takes NAME=COMMAND, not '{text}'");
        }

        var program = words[0].Contains('/') ? Path.GetFullPath(words[0]) : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, words[0])).FirstOrDefault(File.Exists);
        if (program is null || !File.Exists(program))
        {
            throw new UsageException($"{option}: there is no program {words[0]}");
        }

        // Arguments that are files are found wherever the function is started.
        return new(text[..equals], [program, .. words.Skip(1).Select(static word => File.Exists(word) ? Path.GetFullPath(word) : word)], isFunction);
    }
}
