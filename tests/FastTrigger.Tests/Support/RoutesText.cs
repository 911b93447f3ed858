using FastTrigger.Actions.Handlers;
using FastTrigger.Json;
using FastTrigger.Routing;

namespace FastTrigger.Tests.Support;

/// <summary>Reads routes from text and returns the problems as text.</summary>
internal static class RoutesText
{
    /// <param name="handlers">Null when the routes are only checked.</param>
    public static RouteTable? Read(string text, out string problems, IReadOnlyDictionary<string, RegisteredHandler>? handlers = null)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var found = new JsonProblems("file", bytes);
        var table = RoutesFile.Read(bytes, handlers, found);
        problems = found.ToString();
        return table;
    }
}
