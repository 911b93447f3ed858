using System.CommandLine;
using System.CommandLine.Help;
using FastTrigger.Cli.Commands;
using FastTrigger.Cli.Output;

Terminal.RespectNoColor();
var root = new RootCommand("FastTrigger: run, check and serve a function on this machine, without an AWS account.")
{
    InitCommand.Create(),
    RunCommand.Create(),
    ServeCommand.Create(),
    CheckCommand.Create(),
    MatchCommand.Create(),
    EventsCommand.Create(),
    PackCommand.Create(),
    PlanCommand.Create(),
    PolicyCommand.Create(),
    TemplateCommand.Create(),
    LogsCommand.Create(),
    ReplayCommand.Create(),
    ChaosCommand.Create(),
    ColdStartCommand.Create(),
    SoakCommand.Create(),
    StarveCommand.Create(),
    CompletionCommand.Create(),
};
RootHelp.Shorten(root);
// An argument that starts with @ is itself, and no file of arguments.
var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
if (parsed.Action is HelpAction && parsed.CommandResult.Command == root)
{
    Console.Write(RootHelp.Text(root));
    return 0;
}

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
#pragma warning disable CA1031 // The last fence: a user gets two lines instead of a stack trace.
catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
{
    Console.Error.WriteLine(UsageErrors.Unexpected(e));
    return 70;
}
