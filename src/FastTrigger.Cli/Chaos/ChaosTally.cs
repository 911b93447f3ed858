using System.Text.Json.Nodes;
using FastTrigger.Cli.LocalAws;

namespace FastTrigger.Cli.Chaos;

/// <summary>What the events came to, as the servers show it.</summary>
internal sealed class ChaosTally
{
    private readonly LocalWorld _world;
    private readonly List<string> _findings = [];

    public ChaosTally(ChaosPlan plan, LocalWorld world, IReadOnlyList<string> reported)
    {
        _world = world;
        for (var number = 0; number < plan.Events; number++)
        {
            var (twice, lost, unknown) = Judge(number, reported[number]);
            Twice += twice ? 1 : 0;
            Lost += lost && !twice ? 1 : 0;
            Unknown += unknown && !lost && !twice ? 1 : 0;
            Acted += !twice && !lost && !unknown ? 1 : 0;
            Tagged += world.Resources[ChaosPlan.InstanceOf(number)].GetValueOrDefault("Owner") == "alice" ? 1 : 0;
        }
    }

    public int Acted { get; }

    /// <summary>Events of which the function or a server says that it is not known whether something was done.</summary>
    public int Unknown { get; }

    public int Twice { get; }

    /// <summary>Events of which something was not done, and nobody says so.</summary>
    public int Lost { get; }

    public int Tagged { get; }

    /// <summary>Everything that is not as it should be, or not known.</summary>
    public IReadOnlyList<string> Findings => _findings;

    private (bool Twice, bool Lost, bool Unknown) Judge(int number, string report)
    {
        var order = ChaosPlan.OrderOf(number);
        var effects = new List<(string Effect, int Count, string? Said)>
        {
            ("tag", _world.Resources[ChaosPlan.InstanceOf(number)].ContainsKey("Owner") ? 1 : 0, Said(report, "tagged")),
            ("automation", _world.Automations.Values.Count(automation => automation.Request.ToJsonString().Contains(order, StringComparison.Ordinal)), Said(report, "automated")),
            ("call", _world.SiteBodies.Count(body => body == order), Said(report, "called")),
        };
        foreach (var server in _world.Instances.Values.Where(instance => _world.Resources[instance.Id].ContainsKey("Role")))
        {
            effects.Add(($"guarded on {server.Id}", Lines(server, "guarded.log", order), Said(report, "guarded") ?? Interrupted(server.Id, order)));
            effects.Add(($"recorded on {server.Id}", Lines(server, "recorded.log", order), Said(report, "recorded") ?? Interrupted(server.Id, order)));
        }

        var (twice, lost, unknown) = (false, false, false);
        foreach (var (effect, count, said) in effects)
        {
            twice |= count > 1;
            lost |= count == 0 && said is null;
            unknown |= count == 0 && said is not null;
            if (count != 1)
            {
                _findings.Add($"{order}: {effect}: {count} times; {said ?? "nobody says why"}");
            }
        }

        return (twice, lost, unknown);
    }

    private static int Lines(LocalInstance server, string file, string order)
    {
        var path = Path.Combine(server.Directory, file);
        return File.Exists(path) ? File.ReadAllLines(path).Count(line => line == order) : 0;
    }

    /// <summary>What the last delivery said of a route, when it was not well; null when it was.</summary>
    private static string? Said(string report, string route)
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

    /// <summary>A command that was cut off while it ran: the server, or whoever watched it, says so.</summary>
    private string? Interrupted(string instanceId, string order) =>
        _world.CutOff.Any(cut => cut.InstanceId == instanceId && cut.Script.Contains(order, StringComparison.Ordinal)) ? "the command was cut off on the server" : null;
}
