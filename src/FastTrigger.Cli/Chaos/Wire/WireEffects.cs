using System.Text.RegularExpressions;
using FastTrigger.Cli.LocalAws;

namespace FastTrigger.Cli.Chaos.Wire;

/// <summary>What the local servers know of each order: counted there, and not taken from a report.</summary>
internal sealed partial class WireEffects(WirePlan plan, LocalWorld world, Func<IEnumerable<string>> logs)
{
    private static readonly TimeSpan s_logDelay = TimeSpan.FromSeconds(20);

    private readonly Lock _lock = new();
    private readonly Dictionary<(string Operation, string Order), int> _accepted = [];
    private int _read;

    /// <summary>Whether what an invocation has just reported as done has happened, or has at least been accepted by AWS.</summary>
    public bool HasBegun(int number)
    {
        var order = WirePlan.OrderOf(number);
        return plan.KindOf(number) switch
        {
            WirePlan.Tagged => world.Resources[WirePlan.InstanceOf(number)].ContainsKey("Owner"),
            WirePlan.Guarded or WirePlan.Recorded => Accepted("SendCommand", order) > 0,
            WirePlan.Automated => Accepted("StartAutomationExecution", order) > 0,
            WirePlan.Hooked => Accepted("CompleteLifecycleAction", order) > 0,
            WirePlan.Called => Calls(order) > 0,
            WirePlan.Waited => Lines("guarded.log", order) > 0,
            // The log comes through a pipe, so its line may be read after the answer.
            WirePlan.Handled => SpinWait.SpinUntil(() => IsLogged(order), s_logDelay),
            // The tally compares the requests of a check with all its reports.
            _ => true,
        };
    }

    /// <summary>How often each effect of an event happened at the end. Effects that may happen again count as one.</summary>
    public IReadOnlyList<(string Effect, int Count)> Count(int number)
    {
        var order = WirePlan.OrderOf(number);
        return plan.KindOf(number) switch
        {
            WirePlan.Tagged => [("tag", HasBegun(number) ? 1 : 0)],
            WirePlan.Guarded or WirePlan.Waited => [("command", Lines("guarded.log", order))],
            WirePlan.Recorded => [("document", Lines("recorded.log", order))],
            WirePlan.Automated => [("automation", Automations(order))],
            WirePlan.Hooked => [("automation", Automations(order)), ("hook", Accepted("CompleteLifecycleAction", order))],
            WirePlan.Called => [("call", Calls(order))],
            WirePlan.Handled => [("handler", IsLogged(order) ? 1 : 0)],
            _ => [("check", Math.Min(1, Checks(number)))],
        };
    }

    /// <summary>How many requests of an event's check the website received.</summary>
    public int Checks(int number) => world.SiteRequests.Count(request =>
        request.Method == "GET" && request.Query == WirePlan.CheckOf(number));

    private int Calls(string order) => world.SiteRequests.Count(request => request.Method == "POST" && request.Body == order);

    private int Automations(string order) => world.Automations.Values
        .Count(automation => automation.Request.ToJsonString().Contains(order, StringComparison.Ordinal));

    private bool IsLogged(string order) => logs().Any(line => line.Contains($"tank {order}", StringComparison.Ordinal));

    private int Lines(string file, string order)
    {
        var path = Path.Combine(world.Instances[WirePlan.Server].Directory, file);
        return File.Exists(path) ? File.ReadAllLines(path).Count(line => line == order) : 0;
    }

    /// <summary>How many calls of an operation for an order were carried out.</summary>
    private int Accepted(string operation, string order)
    {
        lock (_lock)
        {
            foreach (var call in world.Calls.Skip(_read))
            {
                _read++;
                if (call.Status == 200 && Order().Match(call.Parameters.ToJsonString()) is { Success: true } match)
                {
                    var key = (call.Operation, match.Value);
                    _accepted[key] = _accepted.GetValueOrDefault(key) + 1;
                }
            }

            return _accepted.GetValueOrDefault((operation, order));
        }
    }

    [GeneratedRegex(@"order-\d{6}")]
    private static partial Regex Order();
}
