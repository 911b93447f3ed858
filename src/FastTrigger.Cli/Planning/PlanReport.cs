using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace FastTrigger.Cli.Planning;

/// <summary>A plan for people, in Markdown, and for programs.</summary>
internal static class PlanReport
{
    /// <param name="name">The event's file.</param>
    public static string Markdown(Plan plan, IReadOnlyList<CostLine> costs, string name)
    {
        var (measured, assumed) = (plan.Measured, plan.Assumed);
        var text = new StringBuilder();
        var invocations = measured.Items > 1 ? $", in batches of {measured.Items}" : "";
        Line($"{Number(plan.EventsPerSecond)} events a second like {name}{invocations}: {measured.Outcome} here");
        Line("");
        Line($"measured here: {Number(measured.OwnMs)} ms with calls that take next to nothing, {Number(measured.LogBytes)} bytes of log");
        var kept = Number(PlanAssumptions.KeptSeconds / 60);
        Line($"assumed: {Number(assumed.CallMs)} ms for each call of AWS, one after the other; {Number(assumed.InitMs)} ms to start an "
            + $"environment, which is kept {kept} minutes without an event; {assumed.Memory} MB; events come at random");
        Line("");
        Line("| environments | | limit |");
        Line("|---|--:|--:|");
        Line($"| milliseconds of a warm invocation | {Number(plan.DurationMs)} | |");
        Line($"| invocations that start one, at least 1 % | {Number(plan.ColdShare * 100)} % | |");
        Line($"| busy on average | {Number(plan.Busy)} | |");
        Line($"| busy at the same time, in all but one moment of a million | {Number(plan.MostBusy)} | {Number(assumed.Concurrency)} |");
        if (measured.IsSynchronous)
        {
            var least = Number(Math.Ceiling(plan.InvocationsPerSecond / PlanAssumptions.RequestsPerSecond));
            Line($"| needed at least, as each takes 10 synchronous requests a second | {least} | {Number(assumed.Concurrency)} |");
        }

        Line("");
        if (measured.Calls.Count > 0)
        {
            Line("| calls of AWS | each invocation | a second | quota a second | at once | used |");
            Line("|---|--:|--:|--:|--:|--:|");
            foreach (var call in plan.Calls)
            {
                var quota = call.Quota is { } known
                    ? $"{Number(known.RefillPerSecond)} | {Number(known.Bucket)} | {Number(call.Share!.Value * 100)} %"
                    : "not documented | | ";
                Line($"| {call.Operation} | {Number(call.PerInvocation)} | {Number(call.PerSecond)} | {quota} |");
            }

            Line("");
        }

        Line("| 30 days, US dollars | list price of us-east-1, arm64 | |");
        Line("|---|--:|--:|");
        foreach (var cost in costs)
        {
            Line($"| {cost.Name} | {cost.Price} | {Dollars(cost.Dollars)} |");
        }

        Line($"| together | | {Dollars(costs.Sum(static cost => cost.Dollars))} |");
        Line("");
        Line("not included: what brings the events, except EventBridge and SQS; interface endpoints of a VPC; a dashboard");
        Line(Verdict(plan));
        return text.ToString().TrimEnd('\n');

        void Line(string line) => text.Append(line).Append('\n');
    }

    public static JsonObject Json(Plan plan, IReadOnlyList<CostLine> costs) => new()
    {
        ["eventsPerSecond"] = plan.EventsPerSecond,
        ["invocationsPerSecond"] = plan.InvocationsPerSecond,
        ["outcome"] = plan.Measured.Outcome,
        ["measured"] = new JsonObject
        {
            ["items"] = plan.Measured.Items,
            ["ownMs"] = plan.Measured.OwnMs,
            ["logBytes"] = plan.Measured.LogBytes,
            ["metrics"] = plan.Measured.Metrics,
        },
        ["assumed"] = new JsonObject
        {
            ["memory"] = plan.Assumed.Memory,
            ["callMs"] = plan.Assumed.CallMs,
            ["initMs"] = plan.Assumed.InitMs,
            ["keptSeconds"] = PlanAssumptions.KeptSeconds,
            ["concurrency"] = plan.Assumed.Concurrency,
        },
        ["durationMs"] = plan.DurationMs,
        ["coldShare"] = plan.ColdShare,
        ["busy"] = plan.Busy,
        ["timesOut"] = plan.TimesOut,
        ["mostBusy"] = plan.MostBusy,
        ["calls"] = new JsonArray(
        [
            .. plan.Calls.Select(static call => new JsonObject
            {
                ["operation"] = call.Operation,
                ["perInvocation"] = call.PerInvocation,
                ["perSecond"] = call.PerSecond,
                ["quotaPerSecond"] = call.Quota?.RefillPerSecond,
                ["quotaAtOnce"] = call.Quota?.Bucket,
                ["source"] = call.Quota?.Source,
            }),
        ]),
        ["dollarsIn30Days"] = new JsonArray(
        [
            .. costs.Select(static cost => new JsonObject { ["name"] = cost.Name, ["price"] = cost.Price, ["dollars"] = cost.Dollars }),
        ]),
        ["firstLimit"] = Json(plan.FirstLimit()),
        ["fits"] = plan.Fits,
    };

    private static JsonObject Json((string Name, double EventsPerSecond) limit) =>
        new() { ["name"] = limit.Name, ["eventsPerSecond"] = limit.EventsPerSecond };

    private static string Verdict(Plan plan)
    {
        if (plan.TimesOut)
        {
            var timeout = Number(plan.Assumed.TimeoutMs);
            return $"does not fit: a warm invocation takes {Number(plan.DurationMs)} ms, and the timeout is {timeout} ms";
        }

        var (name, rate) = plan.FirstLimit();
        var limit = $"the first documented limit is {name}, at {Number(rate)} events a second";
        if (plan.Fits)
        {
            return $"fits: {limit}";
        }

        var batch = plan.Measured.IsFromQueue || name == "environments"
            ? ""
            : "; a queue before the function gathers events, and calls for several are one where an action says so (docs/actions.md)";
        return $"does not fit: {limit}{batch}";
    }

    private static string Dollars(double value) => value.ToString("#,0.00", CultureInfo.InvariantCulture);

    private static string Number(double value)
    {
        var form = value switch { >= 1_000 => "#,0", >= 10 => "0.#", 0 or >= 0.1 => "0.##", >= 0.0001 => "0.####", _ => "0.0e0" };
        return value.ToString(form, CultureInfo.InvariantCulture);
    }
}
