using System.CommandLine;
using FastTrigger.Cli.Chaos;

namespace FastTrigger.Cli.Commands;

/// <summary>fasttrigger chaos: does it act once, whatever happens?</summary>
internal static class ChaosCommand
{
    public static Command Create()
    {
        var events = new Option<int>("--events") { Description = "How many different events", DefaultValueFactory = _ => 20 };
        var deliveries = new Option<int>("--deliveries") { Description = "How often they are delivered, all together", DefaultValueFactory = _ => 200 };
        var seed = new Option<int?>("--seed") { Description = "What chance begins with. Default: another one each time" };
        var unguarded = new Option<bool>("--unguarded") { Description = "With \"once\": false everywhere: what would happen without it" };
        var bootstrap = new Option<string?>("--bootstrap") { Description = "The program to start. Default: artifacts/bootstrap", HelpName = "FILE" };
        var command = new Command("chaos", """
            Deliver events many times at once to functions that are killed, over a wire that breaks, to servers whose commands are cut off; then
            count on the servers what each event came to. Every way of acting once has a route of its own. Exit code 0 only when nothing was done
            twice and nothing was lost.

            Example:
              fasttrigger chaos --events 20 --deliveries 200
            """) { events, deliveries, seed, unguarded, bootstrap };
        command.SetAction((parsed, token) => RunAsync(new(parsed.GetValue(events), parsed.GetValue(deliveries), parsed.GetValue(seed) ?? Random.Shared.Next(), !parsed.GetValue(unguarded)), parsed.GetValue(bootstrap), token));
        return command;
    }

    private static async Task<int> RunAsync(ChaosPlan plan, string? bootstrap, CancellationToken token)
    {
        if (plan.Events is < 1 or > 10_000 || plan.Deliveries < plan.Events || plan.Deliveries > 1_000_000)
        {
            throw new UsageException("--events takes 1 to 10000, --deliveries at least as many and at most 1000000");
        }

        await using var run = await ChaosRun.StartAsync(plan, bootstrap);
        await Progress.RunAsync("chaos", progress => run.RunAsync(progress, token));
        var tally = run.Count();
        foreach (var finding in tally.Findings)
        {
            Console.WriteLine(finding);
        }

        Console.WriteLine($"seed {plan.Seed}: killed {run.Killed} environments, broke {run.Faults} calls, cut off {run.Interrupted} commands; {run.DeadLetters} deliveries became dead letters; tagged {tally.Tagged}");
        Console.WriteLine($"events {plan.Events} deliveries {plan.Deliveries} acted {tally.Acted} unknown {tally.Unknown} twice {tally.Twice} lost {tally.Lost}");
        return tally.Twice == 0 && tally.Lost == 0 && tally.Tagged == plan.Events ? 0 : 1;
    }
}
