namespace FastTrigger.NativeTests;

/// <summary>A folder with a route of one action, a world file, and an event that the route takes.</summary>
internal static class OneRoute
{
    /// <summary>The arguments of fasttrigger that deliver the event.</summary>
    public static async Task<string[]> WriteAsync(string folder, string action, string world)
    {
        string[] files = [.. ((string[])["event.json", "routes.json", "world.json"]).Select(name => Path.Combine(folder, name))];
        await File.WriteAllTextAsync(files[0], """{"version":"0","id":"1","source":"test","detail-type":"x","detail":{}}""");
        await File.WriteAllTextAsync(files[1], $$"""{"routes": [{"name": "r", "when": {"source": ["test"]}, "do": [{{action}}]}]}""");
        await File.WriteAllTextAsync(files[2], world);
        return ["run", files[0], "--routes", files[1], "--world", files[2]];
    }
}
