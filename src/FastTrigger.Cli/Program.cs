using System.CommandLine;
using FastTrigger.Cli.Commands;

var root = new RootCommand("FastTrigger: run, check and serve a function on this machine, without an AWS account.")
{
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
};
try
{
    return await root.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (UsageException e)
{
    Console.Error.WriteLine(e.Message);
    return 2;
}
