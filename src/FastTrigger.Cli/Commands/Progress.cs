using Spectre.Console;

namespace FastTrigger.Cli.Commands;

/// <summary>A bar on standard error while something takes its time, where a person is looking.</summary>
internal static class Progress
{
    public static void Run(Action<Action<double>> work) => RunAsync("measuring", progress =>
    {
        work(progress);
        return Task.CompletedTask;
    }).GetAwaiter().GetResult();

    /// <param name="work">Is given what to tell the part to that is done.</param>
    public static Task RunAsync(string what, Func<Action<double>, Task> work)
    {
        if (Console.IsErrorRedirected)
        {
            return work(static _ => { });
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        // Drawn by whoever measures, between two measurements: a thread of its own would be in their way.
        return console.Progress().AutoRefresh(false).AutoClear(true).StartAsync(context =>
        {
            var task = context.AddTask(what, maxValue: 1);
            return work(done =>
            {
                task.Value = done;
                context.Refresh();
            });
        });
    }
}
