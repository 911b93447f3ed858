using System.CommandLine;
using FastTrigger.Cli.Commands;
using FastTrigger.Cli.Output;

Terminal.RespectNoColor();
var root = new RootCommand("FastTrigger: run, check and serve a function on this machine, without an AWS account.")
{
    InitCommand.Create(),
    RunCommand.Create(),
    ServeCommand.Create(),
    CheckCommand.Create(),
    EventsCommand.Create(),
    PackCommand.Create(),
    PolicyCommand.Create(),
    TemplateCommand.Create(),
    ReplayCommand.Create(),
    ChaosCommand.Create(),
    ColdStartCommand.Create(),
    CompletionCommand.Create(),
};
var parsed = root.Parse(args);
if (UsageErrors.Describe(parsed) is { } error)
{
    Console.Error.WriteLine(error);
    return 2;
}

try
{
    return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (UsageException e)
{
    Console.Error.WriteLine(UsageErrors.WithHelp(e, parsed));
    return e.ExitCode;
}
