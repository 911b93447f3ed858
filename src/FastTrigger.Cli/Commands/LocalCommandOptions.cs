using System.CommandLine;
using System.Text.RegularExpressions;
using FastTrigger.Cli.LocalAws;

namespace FastTrigger.Cli.Commands;

/// <summary>The options of every command that starts the local servers.</summary>
internal sealed partial class LocalCommandOptions
{
    /// <summary>Lambda's limit (docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html).</summary>
    public const int MaxTimeoutSeconds = 900;

    private readonly Option<string?> _routes = RoutesOption();

    private readonly Option<string?> _world = new("--world")
    {
        Description = "The world file: servers, websites, faults. Default: world.json in the folder of the routes file, if it exists",
        HelpName = "FILE",
    };

    private readonly Option<string?> _bootstrap = new("--bootstrap")
    {
        Description = "The program to start; any custom runtime. Default: artifacts/bootstrap",
        HelpName = "FILE",
    };

    private readonly Option<string> _shell = new("--shell")
    {
        Description = "Where the servers' scripts run: isolated (by bubblewrap), or host, which is this machine, as you",
        DefaultValueFactory = _ => "isolated",
    };

    private readonly Option<string[]> _network = new("--network")
    {
        Description = "A server that calls and website checks may reach besides the local ones; * for every server",
        HelpName = "HOST[:PORT]",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<string[]> _environment = new("--env")
    {
        Description = "An environment variable for the function; an empty value removes the variable",
        HelpName = "NAME=VALUE",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<string> _region = new("--region")
    {
        Description = "The function's region",
        DefaultValueFactory = _ => "us-east-1",
    };

    private readonly Option<string> _account = new("--account")
    {
        Description = "The function's account",
        DefaultValueFactory = _ => "123456789012",
    };

    private readonly Option<int> _timeout = new("--timeout")
    {
        Description = "The function's timeout in seconds",
        DefaultValueFactory = _ => 30,
    };

    private readonly Option<string?> _state = new("--state")
    {
        Description = "The folder that keeps the servers' disks and tables between runs. Default: none; for replay .fasttrigger/replay",
        HelpName = "FOLDER",
    };

    public static Option<string?> RoutesOption(string description = "The routes file") =>
        new("--routes") { Description = $"{description}. Default: routes.json in the current folder", HelpName = "FILE" };

    public void AddTo(Command command)
    {
        _shell.AcceptOnlyFromAmong("isolated", "host");
        Check(_region, static region => RegionForm().IsMatch(region), "a region such as eu-central-1");
        Check(_account, static account => account.Length == 12 && account.All(char.IsAsciiDigit), "the 12 digits of an account");
        Check(_timeout, static seconds => seconds is > 0 and <= MaxTimeoutSeconds, $"1 to {MaxTimeoutSeconds} seconds");
        command.Add(_state);
        command.Add(_routes);
        command.Add(_world);
        command.Add(_bootstrap);
        command.Add(_shell);
        command.Add(_network);
        command.Add(_environment);
        command.Add(_region);
        command.Add(_account);
        command.Add(_timeout);
    }

    private static void Check<T>(Option<T> option, Func<T, bool> isRight, string form) => option.Validators.Add(result =>
    {
        // What is no T at all has its own message.
        if (Value<T>(result) is { } value && !isRight(value))
        {
            result.AddError($"{option.Name} takes {form}, not {value}");
        }
    });

    private static T? Value<T>(System.CommandLine.Parsing.OptionResult result)
    {
        try
        {
            return result.GetValueOrDefault<T>();
        }
        catch (InvalidOperationException)
        {
            return default;
        }
    }

    [GeneratedRegex("^[a-z]{2,}(-[a-z]+)+-[0-9]+$")]
    private static partial Regex RegionForm();

    public LocalOptions Read(ParseResult parsed) => new()
    {
        Routes = parsed.GetValue(_routes),
        World = parsed.GetValue(_world),
        Bootstrap = parsed.GetValue(_bootstrap),
        Shell = parsed.GetValue(_shell) == "host" ? ScriptShell.Host : ScriptShell.Isolated,
        Network = parsed.GetValue(_network)!,
        Environment = parsed.GetValue(_environment)!,
        Region = parsed.GetValue(_region)!,
        Account = parsed.GetValue(_account)!,
        TimeoutSeconds = parsed.GetValue(_timeout),
        State = parsed.GetValue(_state),
    };
}
