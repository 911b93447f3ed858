using System.Globalization;
using FastTrigger.Cli.Chaos;
using FastTrigger.Cli.Chaos.Wire;

namespace FastTrigger.Cli.Commands;

/// <summary>fasttrigger chaos --wire: what becomes of events while the wires to both local servers fail.</summary>
internal static class WireChaos
{
    public static async Task<int> RunAsync(WirePlan plan, string? bootstrap, CancellationToken token)
    {
        await using var run = await WireRun.StartAsync(plan, bootstrap);
        await Progress.RunAsync("chaos", progress => run.RunAsync(progress, token));
        var tally = run.Count();
        foreach (var finding in tally.Findings)
        {
            Console.WriteLine(finding);
        }

        var trusted = run.Servers.Expired.Trusted;
        if (trusted > 0)
        {
            Console.WriteLine($"requests sent to a server whose certificate has expired: {trusted}");
        }

        WriteTables(run, tally);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"seed {plan.Seed}: the longest invocation took {100 * tally.LongestShare:0} % of its time"));
        Console.WriteLine(
            $"events {plan.Events} invocations {tally.Invocations} {tally.Verdicts} "
            + $"false {tally.False} late {tally.Late}");
        return tally.IsGood && trusted == 0 ? 0 : 1;
    }

    private static void WriteTables(WireRun run, WireTally tally)
    {
        var servers = run.Servers;
        Console.WriteLine();
        Console.WriteLine("| fault | to AWS, plain | to AWS and the website, TLS | to the credentials | to the Runtime API |");
        Console.WriteLine("|---|--:|--:|--:|--:|");
        foreach (var kind in Enum.GetValues<WireFaultKind>())
        {
            var counts = ((WireFaults[])[servers.Plain, servers.Tls, servers.Credentials, servers.RuntimeApi])
                .Select(faults => faults.Happened.GetValueOrDefault(kind));
            Console.WriteLine($"| {NameOf(kind)} | {string.Join(" | ", counts)} |");
        }

        var (names, certificates, credentials) = run.Storm.Windows;
        Console.WriteLine();
        Console.WriteLine("| what else | |");
        Console.WriteLine("|---|--:|");
        Console.WriteLine(servers.Names is null
            ? $"| names do not resolve | not on this machine: {servers.NamesProblem} |"
            : $"| times that no name resolved | {names} |");
        Console.WriteLine($"| times that certificates were expired | {certificates} |");
        Console.WriteLine($"| handshakes with an expired certificate | {servers.Expired.Shown} |");
        Console.WriteLine($"| times that all credentials were refused | {credentials} |");
        Console.WriteLine($"| credentials given | {servers.Keys.Given} |");
        Console.WriteLine("| clocks of AWS, minutes ahead | -20, -4, 0, 20 |");
        Console.WriteLine();
        Console.WriteLine("| events | number | acted exactly once |");
        Console.WriteLine("|---|--:|--:|");
        foreach (var (kind, verdicts) in tally.Kinds)
        {
            Console.WriteLine($"| {kind} | {verdicts.Events} | {verdicts[ChaosVerdict.Acted]} |");
        }

        Console.WriteLine();
        Console.WriteLine("| invocations that ended as | number |");
        Console.WriteLine("|---|--:|");
        foreach (var (error, count) in tally.Errors)
        {
            Console.WriteLine($"| {(error == "none" ? "done" : error)} | {count} |");
        }

        Console.WriteLine();
    }

    private static string NameOf(WireFaultKind kind) => kind switch
    {
        WireFaultKind.HalfClose => "half-close",
        WireFaultKind.ResetIdle => "reset while idle",
        WireFaultKind.CloseIdle => "closed while idle",
        WireFaultKind.Split => "split into bytes",
        WireFaultKind.Join => "joined",
        _ => kind.ToString().ToLowerInvariant(),
    };
}
