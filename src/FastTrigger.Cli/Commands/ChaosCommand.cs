using System.CommandLine;
using FastTrigger.Cli.Chaos;
using FastTrigger.Cli.LocalAws;
using FastTrigger.Cli.Output;

namespace FastTrigger.Cli.Commands;

/// <summary>fasttrigger chaos: whether routes act once under faults.</summary>
internal static class ChaosCommand
{
    public static Command Create()
    {
        var events = new Option<int>("--events") { Description = "The number of different events", DefaultValueFactory = _ => 20 };
        var deliveries = new Option<int>("--deliveries")
        {
            Description = "The number of deliveries of all events together",
            DefaultValueFactory = _ => 200,
        };
        var seed = new Option<int?>("--seed") { Description = "The seed of the random choices. Default: a new one for each run" };
        var unguarded = new Option<bool>("--unguarded")
        {
            Description = "Set \"once\": false in every route, to show what happens without it",
        };
        var wire = new Option<bool>("--wire")
        {
            Description = "Break the wires to both local servers, for events of all actions, and not the servers and functions",
        };
        var handler = new Option<string?>("--handler")
        {
            Description = "With --wire: a handler of the program that writes \"tank ORDER\" into its log, from the event's tank",
            HelpName = "NAME",
        };
        var bootstrap = new Option<string?>("--bootstrap")
        {
            Description = "The program to start. Default: artifacts/bootstrap",
            HelpName = "FILE",
        };
        var command = new Command("chaos", """
            Deliver events many times at once, while functions are killed, connections break and commands on servers are interrupted.
            Then count the effects of each event on the servers. Each way of acting once has its own route. Exit code 0 only when
            nothing happened twice, was lost or failed, and few events are unknown.

            Example:
              fasttrigger chaos --events 20 --deliveries 200
              fasttrigger chaos --wire --events 80 --deliveries 160
            """) { events, deliveries, seed, unguarded, wire, handler, bootstrap };
        command.SetAction((parsed, token) =>
        {
            var (number, all) = (parsed.GetValue(events), parsed.GetValue(deliveries));
            if (number is < 1 or > 10_000 || all < number || all > 1_000_000)
            {
                throw new UsageException("--events takes 1 to 10000, --deliveries at least as many and at most 1000000");
            }

            if (Sandbox.Problem is { } problem)
            {
                throw new UsageException($"chaos runs commands on its servers, and nothing can be isolated here: {problem}");
            }

            var chosen = parsed.GetValue(seed) ?? Random.Shared.Next();
            var actsOnce = !parsed.GetValue(unguarded);
            var program = parsed.GetValue(bootstrap);
            return parsed.GetValue(wire)
                ? WireChaos.RunAsync(new(number, all, chosen, actsOnce, parsed.GetValue(handler)), program, token)
                : RunAsync(new(number, all, chosen, actsOnce), program, token);
        });
        return command;
    }

    private static async Task<int> RunAsync(ChaosPlan plan, string? bootstrap, CancellationToken token)
    {
        await using var run = await ChaosRun.StartAsync(plan, bootstrap);
        await Progress.RunAsync("chaos", progress => run.RunAsync(progress, token));
        var tally = run.Count();
        foreach (var finding in tally.Findings)
        {
            Console.WriteLine(finding);
        }

        Console.WriteLine(
            $"seed {plan.Seed}: killed {Counted.Of(run.Killed, "environment")}, broke {Counted.Of(run.Faults, "call")}, "
            + $"interrupted {Counted.Of(run.Interrupted, "command")}; "
            + $"dead letters {run.DeadLetters}; tagged {tally.Tagged}");
        Console.WriteLine(
            $"events {plan.Events} deliveries {plan.Deliveries} "
            + tally.Verdicts);
        return tally.Verdicts.IsGood && tally.Tagged == plan.Events ? 0 : 1;
    }
}
