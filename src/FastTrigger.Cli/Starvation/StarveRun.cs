using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using FastTrigger.Cli.ColdStart;
using FastTrigger.Cli.Commands;
using FastTrigger.Cli.Samples;
using FastTrigger.Core;

namespace FastTrigger.Cli.Starvation;

/// <summary>What the function made of one event.</summary>
/// <param name="IsMatched">Whether a route took it.</param>
/// <param name="PeakKib">The peak of its resident memory; 0 when the kernel killed it.</param>
/// <param name="Problem">Why that must not be; null when it may.</param>
internal sealed record StarvedEvent(WorstCase Case, bool IsMatched, long PeakKib, double Seconds, bool IsRefused, string? Problem);

/// <summary>Sends one environment after another all that can be made of a sample, and reads its memory after each event.</summary>
/// <param name="quota">Its limit of memory kills what needs more; null where there is no such limit.</param>
/// <param name="share">The share of a processor; null for no limit.</param>
internal sealed class StarveRun(LocalRun local, CpuQuota? quota, double? share, int memoryMiB)
{
    /// <summary>Every source of which routes must say who may send it.</summary>
    public const string Routes = """
        {"trust": ["arn:aws:*"], "allow": {"hosts": ["localhost"]}, "routes": [
          {"name": "all", "dryRun": true, "when": {"no.such.field": [{"exists": false}]}, "do": [
            {"call": {"url": "https://localhost/", "once": false, "message": "${item.id}"}}]},
          {"name": "named", "from": ["http", "authorizer", "cognito", "lex", "alexa"], "auth": "none", "dryRun": true,
           "when": {"no.such.field": [{"exists": false}]}, "do": [
            {"call": {"url": "https://localhost/", "once": false, "message": "${item.id}"}}]},
          {"name": "launches", "when": {"detail": {"eventName": ["None"]}}, "do": [{"tag": {"tags": {"Owner": "${owner}"}}}]}]}
        """;

    /// <summary>Routes that take none of it. INIT opens the same connections.</summary>
    public const string NoRoutes = """
        {"trust": ["arn:aws:*"], "routes": [
          {"name": "launches", "when": {"detail": {"eventName": ["None"]}}, "do": [{"tag": {"tags": {"Owner": "${owner}"}}}]}]}
        """;

    private const int DeadlineSeconds = 180;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(DeadlineSeconds);

    public List<StarvedEvent> Events { get; } = [];

    /// <param name="cases">The sample itself comes first. It is sent once more at the end.</param>
    /// <param name="routes">The routes file; null for that of the local function.</param>
    public void Send(IReadOnlyList<WorstCase> cases, string? routes)
    {
        using var server = new ProbeServer(cases[0].Payload);
        ChildProcess? child = null;
        foreach (var one in cases.Append(cases[0]))
        {
            child ??= Start(server, routes);
            var result = Send(server, child, one, isMatched: routes is null);
            Events.Add(result);
            if (result.PeakKib == 0)
            {
                child.Wait();
                server.Reset();
                child = null;
            }
        }

        child?.Kill();
    }

    private ChildProcess Start(ProbeServer server, string? routes)
    {
        var program = Path.GetFullPath(local.Function.Settings.Bootstrap);
        var folder = Path.GetDirectoryName(program)!;
        var settings = local.Function.Settings with { MemoryMegabytes = memoryMiB };
        var environment = new Dictionary<string, string>(settings.ProcessEnvironment())
        {
            ["AWS_LAMBDA_RUNTIME_API"] = server.Address,
            ["LAMBDA_TASK_ROOT"] = folder,
        };
        environment["FASTTRIGGER_ROUTES"] = routes ?? environment["FASTTRIGGER_ROUTES"];
        var child = ChildProcess.Start([program], environment, folder, "/dev/null", stopped: quota is not null);
        quota?.SetShare(1);
        quota?.Add(child.Id);
        child.Continue();
        server.WaitForNext(s_patience, child.HasEnded);
        if (share is { } limited)
        {
            quota?.SetShare(limited);
        }

        return child;
    }

    private StarvedEvent Send(ProbeServer server, ChildProcess child, WorstCase one, bool isMatched)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            child.ResetPeak();
            server.SendEvent(local.Function.Settings.Arn, one.Payload, DeadlineSeconds);
            var isAnswered = server.WaitForResult(s_patience);
            var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            var peak = child.Read().PeakKib;
            var error = isAnswered ? null : JsonNode.Parse(server.LastBody)!;
            server.WaitForNext(s_patience, child.HasEnded);
            var isRefused = error?["errorType"]?.ToString() == HeapLimit.ErrorType;
            return new(one, isMatched, peak, seconds, isRefused, WhyNot(one, peak, isRefused, error));
        }
        catch (Exception e) when (e is LabException or SocketException)
        {
            return new(one, isMatched, 0, Stopwatch.GetElapsedTime(started).TotalSeconds, false, $"the function ended: {e.Message}");
        }
    }

    private string? WhyNot(WorstCase one, long peakKib, bool isRefused, JsonNode? error)
    {
        var message = error?["errorMessage"]?.ToString() ?? "";
        // Whoever sees a refused user sees no reason. The log has it.
        var source = SampleEvents.All.First(known => known.Sample.Name == one.Sample).Source;
        var isRedacted = source.RedactError(message, "") != message;
        return peakKib > memoryMiB * 1024L ? $"it took {peakKib / 1024} MiB"
            : error?["errorType"]?.ToString() == "Function.Unhandled" ? message
            : isRefused && one.Form == WorstCase.AsItIs ? $"a small event was refused: {message}"
            : isRefused && !isRedacted && !message.Contains("give the function more memory", StringComparison.Ordinal)
                ? $"the message does not help: {message}"
            : null;
    }
}
