using System.CommandLine;

namespace FastTrigger.Cli.Commands;

/// <summary>The options of coldstart, except those of the load test and of the local run.</summary>
internal sealed class ColdStartOptions
{
    public Option<string?> EventFile { get; } = new("--event")
    {
        Description = "The event file. Default: event.json in the current folder",
        HelpName = "FILE",
    };

    public Option<int> Count { get; } = new("--count")
    {
        Description = "The number of fresh processes of each candidate under each limit",
        DefaultValueFactory = _ => 30,
    };

    public Option<string?> Memory { get; } = new("--memory")
    {
        Description = "Memory sizes in MB whose processor shares are simulated, or none. Default: 128,512,1769 where that is possible",
        HelpName = "LIST",
    };

    public Option<string> InitBoost { get; } = new("--init-boost")
    {
        Description = "on: the limit starts with the first GET next, as in Lambda; off: it starts with exec",
        HelpName = "on|off",
        DefaultValueFactory = _ => "on",
    };

    public Option<bool> SpentSlice { get; } = new("--spent-slice")
    {
        Description = "Measure also with the share of the current 20 ms used up when the event arrives",
    };

    public Option<int> Warm { get; } = new("--warm")
    {
        Description = "Measure also this many warm invocations in each of up to ten processes",
    };

    public Option<bool> Stages { get; } = new("--stages")
    {
        Description = "Measure also the stages of FastTrigger's start: before Main, settings, routes, OpenSSL, handshakes, next, event",
    };

    public Option<bool> Evict { get; } = new("--evict")
    {
        Description = "Drop the files of the programs from the page cache before each start",
    };

    public Option<string[]> Compare { get; } = new("--compare")
    {
        Description = "Another custom runtime to compare: its bootstrap and arguments",
        HelpName = "NAME=COMMAND",
        DefaultValueFactory = _ => [],
    };

    public Option<string[]> Programs { get; } = new("--program")
    {
        Description = "Another program to compare, from exec to exit; {url} and {ca} are the address and the CA file of the local AWS",
        HelpName = "NAME=COMMAND",
        DefaultValueFactory = _ => [],
    };

    public Option<string> Output { get; } = new("--out")
    {
        Description = "The folder for report.html, report.md and report.json",
        HelpName = "DIR",
        DefaultValueFactory = _ => "coldstart-report",
    };

    public Option<string?> Budgets { get; } = new("--budgets")
    {
        Description = "A file of budgets. Exit code 1 when the budget of --budget is exceeded beyond the noise",
        HelpName = "FILE",
    };

    public Option<string?> Budget { get; } = new("--budget")
    {
        Description = "The name of the budget in the file of --budgets",
        HelpName = "NAME",
    };

    public Option<bool> Json { get; } = new("--json")
    {
        Description = "Print only the JSON of the report on standard output",
    };

    public void AddTo(Command command)
    {
        InitBoost.AcceptOnlyFromAmong("on", "off");
        command.Add(EventFile);
        command.Add(Count);
        command.Add(Memory);
        command.Add(InitBoost);
        command.Add(SpentSlice);
        command.Add(Warm);
        command.Add(Stages);
        command.Add(Evict);
        command.Add(Compare);
        command.Add(Programs);
        command.Add(Output);
        command.Add(Budgets);
        command.Add(Budget);
        command.Add(Json);
    }
}
