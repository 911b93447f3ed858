using FastTrigger.Cli.Matching;
using FastTrigger.Cli.Output;
using Spectre.Console;

namespace FastTrigger.Cli.Commands;

/// <summary>Prints for people what matches, event by event, and a summary.</summary>
/// <param name="noun">What events are matched with: route, rule or pattern.</param>
/// <param name="isCoverage">Whether only what no route takes is shown, and the summary has every route.</param>
internal sealed class MatchReport(IAnsiConsole console, string noun, bool isCoverage)
{
    public void Write(SavedEvent one, IReadOnlyList<ItemMatch> items)
    {
        if (one.Problem is { } problem)
        {
            Write(new StyledLine().Add(problem, "red"));
            return;
        }

        foreach (var item in items.Where(item => !isCoverage || !item.IsTaken))
        {
            Write(one.Name, item);
        }

        if (items.Count == 0 && !isCoverage)
        {
            Write(new StyledLine().Add(one.Name, "bold blue").Add("brings no item: the function answers it, and no route gets it"));
        }
    }

    public void Write(MatchTally tally)
    {
        var routes = tally.Routes.ToList();
        foreach (var (target, taken) in routes.Where(_ => isCoverage))
        {
            var line = new StyledLine().Add($"{noun} '{ShownJson.Name(target.Name)}'");
            Write(taken > 0 ? line.Add($"takes {taken}") : WhyNever(target, line.Add("takes none", "red")));
        }

        var subject = noun == MatchSet.Pattern ? "the pattern takes"
            : routes.Count == 1 ? $"{noun} '{ShownJson.Name(routes[0].Target.Name)}' takes"
            : $"the {noun}s take";
        var text = $"{subject} {tally.Taken} of {Counted.Of(tally.Items, "item")} in {Counted.Of(tally.Events, "event")}";
        var (never, idle) = (tally.Never.Count(), tally.Idle.Count());
        text += tally.Broken > 0 ? $", and {tally.Broken} of the events cannot be read" : "";
        text += isCoverage && never > 0 ? $"; {never} of {Counted.Of(routes.Count, noun)} {(never == 1 ? "takes" : "take")} none" : "";
        text += isCoverage && idle > 0 ? $"; {Counted.Of(idle, noun)} cannot take any" : "";
        text += tally.Refused.Count > 0 ? $"; {Counted.Of(tally.Refused.Count, noun)} could not be tried" : "";
        Write(new StyledLine().Add(text, (isCoverage ? tally.IsCovered : tally.IsComplete) ? "green" : "red"));
    }

    private static StyledLine WhyNever(MatchTarget target, StyledLine line) =>
        target.Idle is { } idle ? line.Add($"({idle})", "dim")
        : target.Pattern is null ? line.Add($"({RouteMatch.OnlyItsSchedule})", "dim")
        : line;

    private void Write(string name, ItemMatch item)
    {
        Write(new StyledLine().Add(name + item.Place, "bold blue").Add(item.Title, "dim"));
        var nearest = item.IsTaken ? null : item.Nearest;
        foreach (var route in item.Routes)
        {
            if (!isCoverage || route == nearest)
            {
                Write(route, isNearest: route == nearest && item.Routes.Count > 1);
            }
        }

        if (item.Hint.Length > 0)
        {
            Write(new StyledLine(2).Add(item.Hint));
        }
    }

    private void Write(RouteMatch route, bool isNearest)
    {
        var reason = route.Fields.Count == 0 ? route.Lines().FirstOrDefault().Text : null;
        var line = new StyledLine(2).Add(ShownJson.Name(route.Route), "bold");
        line.Add((route.Matches ? "matches" : "does not match") + (reason is null ? "" : ":"), route.Matches ? "green" : "yellow");
        if (route.Fields.Count == 0)
        {
            Write(reason is null ? line : line.Add(reason));
            return;
        }

        Write(isNearest ? line.Add("(the nearest)", "dim") : line);
        foreach (var (depth, text) in route.Lines())
        {
            Write(new StyledLine(4 + (2 * depth)).Add(text));
        }
    }

    private void Write(StyledLine line) => console.Write(line);
}
