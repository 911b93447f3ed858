using System.CommandLine;

namespace FastTrigger.Cli.Commands;

/// <summary>The options that run and serve share.</summary>
internal sealed class LocalCommandOptions
{
    private readonly Option<string?> _routes = new("--routes") { Description = "The routes file. Default: build/demo/routes.json", HelpName = "FILE" };
    private readonly Option<string?> _world = new("--world") { Description = "What there is: servers, websites, faults. Default: world.json beside the routes file, if there is one", HelpName = "FILE" };
    private readonly Option<string?> _bootstrap = new("--bootstrap") { Description = "The program to start; any custom runtime's. Default: artifacts/bootstrap", HelpName = "FILE" };
    private readonly Option<string[]> _environment = new("--env") { Description = "An environment variable for the function; an empty value takes one away", HelpName = "NAME=VALUE", DefaultValueFactory = _ => [] };
    private readonly Option<string> _region = new("--region") { Description = "The function's region", DefaultValueFactory = _ => "us-east-1" };
    private readonly Option<string> _account = new("--account") { Description = "The function's account", DefaultValueFactory = _ => "123456789012" };
    private readonly Option<int> _timeout = new("--timeout") { Description = "The function's timeout in seconds", DefaultValueFactory = _ => 30 };

    private readonly Option<string?> _state = new("--state") { Description = "Where the servers' disks and tables stay between runs. Default: nowhere; for replay .fasttrigger/replay", HelpName = "FOLDER" };

    public void AddTo(Command command)
    {
        command.Add(_state);
        command.Add(_routes);
        command.Add(_world);
        command.Add(_bootstrap);
        command.Add(_environment);
        command.Add(_region);
        command.Add(_account);
        command.Add(_timeout);
    }

    public LocalOptions Read(ParseResult parsed) => new()
    {
        Routes = parsed.GetValue(_routes),
        World = parsed.GetValue(_world),
        Bootstrap = parsed.GetValue(_bootstrap),
        Environment = parsed.GetValue(_environment)!,
        Region = parsed.GetValue(_region)!,
        Account = parsed.GetValue(_account)!,
        TimeoutSeconds = parsed.GetValue(_timeout),
        State = parsed.GetValue(_state),
    };
}
