using FastTrigger.Cli.Output;
using Spectre.Console;

namespace FastTrigger.Cli.Commands;

/// <summary>A progress bar on standard error, when that is a terminal.</summary>
internal static class Progress
{
    public static void Run(Action<Action<double>> work) => RunAsync("measuring", progress =>
    {
        work(progress);
        return Task.CompletedTask;
    }).GetAwaiter().GetResult();

    /// <param name="work">The work. It receives a callback for the completed fraction, from 0 to 1.</param>
    public static Task RunAsync(string what, Func<Action<double>, Task> work)
    {
        if (Console.IsErrorRedirected)
        {
            return work(static _ => { });
        }

        var console = Terminal.Errors();
        // The measuring thread draws between two measurements, because another thread would disturb them.
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
