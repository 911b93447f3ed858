using FastTrigger.Cli.Matching;
using FastTrigger.Cli.Routes;
using FastTrigger.Json;

namespace FastTrigger.Cli.LocalLambda;

/// <summary>
/// The rules of the default event bus, one for each route. An event that at least one route takes is delivered to the function, once and
/// asynchronously.
/// </summary>
/// <param name="routes">The routes file, which is read for each event as a new environment reads it.</param>
internal sealed class EventRules(LocalFunction function, AsynchronousInvoker asynchronous, Func<string> routes)
{
    private const string DefaultBus = "default";

    public void Deliver(string id, string bus, byte[] content)
    {
        // As in AWS, the caller does not learn what became of its event.
        if (bus != DefaultBus)
        {
            function.Notes.Enqueue($"event {id} was not delivered: the local rules are on the event bus {DefaultBus}, not on {bus}");
            return;
        }

        if (FindTakers(id, content) is { Count: > 0 } takers)
        {
            function.Notes.Enqueue($"event {id} is delivered for {string.Join(", ", takers)}");
            _ = Task.Run(() => asynchronous.InvokeAsync(content));
        }
    }

    /// <summary>The names of the routes that take the event. The terminal shows why there are none.</summary>
    private List<string> FindTakers(string id, byte[] content)
    {
        var file = routes();
        if (ReadRoutes(file) is not { } document)
        {
            return [file];
        }

        var items = Matcher.Of(document).Match(content, out var problem);
        if (problem.Length > 0)
        {
            function.Notes.Enqueue($"event {id} was not delivered: {problem}");
            return [];
        }

        var takers = items.SelectMany(item => item.Routes).Where(route => route.Matches).Select(route => route.Route).Distinct().ToList();
        if (takers.Count == 0)
        {
            var why = items.Take(1).SelectMany(item => item.Routes).Select(route => $"\n  {route}");
            function.Notes.Enqueue($"event {id} was not delivered: no route takes it{string.Concat(why)}");
        }

        return takers;
    }

    /// <summary>Null when the routes have mistakes. Then the function gets the event, and reports them.</summary>
    private static RoutesDocument? ReadRoutes(string file)
    {
        try
        {
            var text = File.ReadAllBytes(file);
            return RoutesDocument.Compile(text, new JsonProblems(file, text));
        }
        catch (IOException)
        {
            return null;
        }
    }
}
