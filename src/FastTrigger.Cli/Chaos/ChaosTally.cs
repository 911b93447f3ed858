using System.Text.Json.Nodes;
using FastTrigger.Cli.LocalAws;

namespace FastTrigger.Cli.Chaos;

/// <summary>The effects of the events, counted on the servers.</summary>
internal sealed class ChaosTally
{
    private readonly LocalWorld _world;
    private readonly List<string> _findings = [];

    public ChaosTally(ChaosPlan plan, LocalWorld world, IReadOnlyList<string> reported)
    {
        _world = world;
        for (var number = 0; number < plan.Events; number++)
        {
            Verdicts.Add(Judge(number, reported[number]));
            Tagged += world.Resources[ChaosPlan.InstanceOf(number)].GetValueOrDefault("Owner") == "alice" ? 1 : 0;
        }

        if (Verdicts.Problem is { } problem)
        {
            _findings.Add(problem);
        }
    }

    /// <summary>Each event has a call, of which some are unknown when functions are killed.</summary>
    public ChaosVerdicts Verdicts { get; } = new(share: 4);

    public int Tagged { get; }

    /// <summary>One line for each effect that did not happen exactly once or failed at last, and for too many unknown events.</summary>
    public IReadOnlyList<string> Findings => _findings;

    private ChaosVerdict Judge(int number, string report)
    {
        var order = ChaosPlan.OrderOf(number);
        var tags = _world.Resources[ChaosPlan.InstanceOf(number)];
        var automations = _world.Automations.Values
            .Count(automation => automation.Request.ToJsonString().Contains(order, StringComparison.Ordinal));
        var effects = new List<(string Effect, int Count, string? Reason)>
        {
            ("tag", tags.ContainsKey("Owner") ? 1 : 0, ReasonOf(report, "tagged")),
            ("automation", automations, ReasonOf(report, "automated")),
            ("call", _world.SiteRequests.Count(request => request.Body == order), ReasonOf(report, "called")),
        };
        foreach (var server in _world.Instances.Values.Where(instance => _world.Resources[instance.Id].ContainsKey("Role")))
        {
            foreach (var route in (ReadOnlySpan<string>)["guarded", "recorded"])
            {
                var reason = ReasonOf(report, route) ?? Interrupted(server.Id, order);
                effects.Add(($"{route} on {server.Id}", CountLines(server, $"{route}.log", order), reason));
            }
        }

        return ChaosVerdicts.Judge(order, effects, _findings);
    }

    private static int CountLines(LocalInstance server, string file, string order)
    {
        var path = Path.Combine(server.Directory, file);
        return File.Exists(path) ? File.ReadAllLines(path).Count(line => line == order) : 0;
    }

    /// <summary>The error that the last delivery reports for a route; null when the route succeeded.</summary>
    private static string? ReasonOf(string report, string route)
    {
        var document = JsonNode.Parse(report);
        var message = document?["errorMessage"]?.ToString();
        if (message is null)
        {
            return null;
        }

        // "route 'NAME', action 'ACTION': REASON; route ..."
        var at = message.IndexOf($"route '{route}'", StringComparison.Ordinal);
        return at >= 0 ? message[at..] : message.Contains("route '", StringComparison.Ordinal) ? null : message;
    }

    /// <summary>The reason of a command that was interrupted while it ran; null when none was.</summary>
    private string? Interrupted(string instanceId, string order) =>
        _world.InterruptedCommands.Any(command =>
            command.InstanceId == instanceId && command.Script.Contains(order, StringComparison.Ordinal))
            ? "the command was interrupted on the server, where a part of it may have run"
            : null;
}
