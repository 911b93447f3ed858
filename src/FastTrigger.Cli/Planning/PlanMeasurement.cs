using System.Text;
using System.Text.Json.Nodes;
using FastTrigger.Cli.ColdStart;
using FastTrigger.Cli.Commands;
using FastTrigger.Cli.Storm;

namespace FastTrigger.Cli.Planning;

/// <summary>A call of AWS that an invocation makes.</summary>
/// <param name="Operation">A service and its operation, such as ec2:CreateTags.</param>
/// <param name="PerInvocation">How many a warm invocation makes, on average.</param>
internal sealed record PlannedCall(string Operation, double PerInvocation);

/// <summary>What an invocation with one event does, as it was seen at the local servers.</summary>
/// <param name="Outcome">That of the deliveries: done, or unmatched.</param>
/// <param name="Items">The events in a delivery: more than one in a batch.</param>
/// <param name="OwnMs">The median time of a warm invocation with calls that take next to nothing, in milliseconds.</param>
/// <param name="LogBytes">What it writes to its log, in bytes.</param>
/// <param name="Metrics">How many metrics of CloudWatch its records have: each name with each set of dimensions.</param>
internal sealed record PlanMeasurement(
    string Outcome, int Items, IReadOnlyList<PlannedCall> Calls, double OwnMs, double LogBytes, int Metrics)
{
    private const int Deliveries = 20;

    /// <summary>Sources that put an event into Lambda's queue, and those that may.</summary>
    private static readonly HashSet<string> s_asynchronous =
    [
        "alarm", "cloudformation", "codecommit", "config", "destination", "direct", "eventbridge", "iotevents", "logs", "s3", "scheduler",
        "ses", "sns",
    ];

    /// <summary>Whether a bus of EventBridge brings it, which bills the events of other senders than AWS.</summary>
    public bool IsBilledByBus { get; init; }

    /// <summary>Whether Lambda or a service waits for the answer: then an environment takes ten requests a second.</summary>
    public bool IsSynchronous { get; init; }

    /// <summary>Whether it is a batch of a queue.</summary>
    public bool IsFromQueue { get; init; }

    /// <summary>
    /// Delivers an event to a function, and then others like it, each with an id and instances of its own. One that cannot be another
    /// event is delivered once, as it would be done before.
    /// </summary>
    /// <param name="run">Its function is stopped, as its end is the end of its log.</param>
    /// <exception cref="UsageException">An event fails.</exception>
    public static async Task<PlanMeasurement> MeasureAsync(LocalRun run, string file)
    {
        var payload = LocalFiles.ReadText(file);
        var events = new StormEvents(file, payload, instances: null);
        var (ids, times, deliveries) = (new HashSet<string>(), new List<double>(), events.AreOthers ? Deliveries : 1);
        for (var number = events.AreOthers ? -1 : 0; number < deliveries; number++)
        {
            // What is done once for all events does not count: a parameter that is read, a role that is assumed.
            if (number == 0)
            {
                run.World.ForgetCalls();
            }

            var outcome = await run.Function.InvokeAsync(events.Create(number + 1));
            await run.World.SettleAsync();
            if (outcome.IsError)
            {
                throw new UsageException(
                    $"{file} fails, and a plan of failures says nothing: {Encoding.UTF8.GetString(outcome.Payload)}\n"
                        + $"see fasttrigger run {file} --routes {run.RoutesFile}")
                { ExitCode = 1 };
            }

            if (number >= 0)
            {
                ids.Add(outcome.RequestId);
                times.Add(outcome.Duration.TotalMilliseconds);
            }
        }

        await run.Function.DisposeAsync();
        var log = run.Function.Logs.Select(static line => (Line: line, Record: RunReport.Parse(line) as JsonObject)).ToList();
        var records = log.Select(static line => line.Record).OfType<JsonObject>().ToList();
        var end = records.Find(static record => record.OptionalText("message") == "invocation");
        var source = end?.OptionalText("source")?.Split('/')[0];
        var calls = run.World.Calls.GroupBy(static call => $"{call.Service}:{call.Operation}")
            .Select(group => new PlannedCall(group.Key, (double)group.Count() / deliveries))
            .OrderBy(static call => call.Operation, StringComparer.Ordinal);
        var bytes = log.Where(line => line.Record?.OptionalText("requestId") is { } id && ids.Contains(id))
            .Sum(static line => Encoding.UTF8.GetByteCount(line.Line) + 1);
        return new(
            end?.OptionalText("notDone") ?? RunVerdict.Name(RunOutcome.Done),
            end?["items"]?.GetValue<int>() ?? 1,
            [.. calls],
            Statistics.Median(times),
            (double)bytes / deliveries,
            CountMetrics(records))
        {
            IsBilledByBus = RunReport.Parse(Encoding.UTF8.GetString(payload)) is JsonObject document && IsOwnEvent(document),
            IsSynchronous = source is not null && !s_asynchronous.Contains(source),
            IsFromQueue = source == "sqs",
        };
    }

    /// <summary>Whether a bus brings it and AWS did not send it: its events cost nothing (aws.amazon.com/eventbridge/pricing).</summary>
    private static bool IsOwnEvent(JsonObject document) =>
        document.OptionalText("detail-type") is not null
        && document.OptionalText("source") is { } source
        && !source.StartsWith("aws.", StringComparison.Ordinal);

    /// <summary>The metrics that the records declare, those of cold starts too.</summary>
    private static int CountMetrics(IEnumerable<JsonObject> records)
    {
        var metrics = new HashSet<string>();
        foreach (var record in records)
        {
            foreach (var directive in (record["_aws"]?["CloudWatchMetrics"] as JsonArray)?.OfType<JsonObject>() ?? [])
            {
                foreach (var set in directive["Dimensions"]!.AsArray())
                {
                    var dimensions = string.Join('|', set!.AsArray().Select(name => $"{name}={record[name!.ToString()]}"));
                    foreach (var metric in directive[nameof(Metrics)]!.AsArray())
                    {
                        metrics.Add($"{dimensions}: {metric!["Name"]}");
                    }
                }
            }
        }

        return metrics.Count;
    }
}
