namespace FastTrigger.NativeTests;

/// <summary>A question to IAM: an action, a resource, and the context of the request.</summary>
internal sealed record IamRequest(string Action, string Resource, IReadOnlyDictionary<string, string[]> Context);

/// <summary>
/// Has policies evaluated by @cloud-copilot/iam-simulate, which knows the actions of IAM, the resources that each takes, and the keys of
/// its conditions.
/// </summary>
internal static class IamSimulation
{
    /// <summary>Whether each policy allows each request.</summary>
    public static async Task<IReadOnlyList<IReadOnlyList<bool>>> DecideAsync(
        IEnumerable<JsonNode> policies,
        IReadOnlyCollection<IamRequest> requests)
    {
        var modules = Path.Combine(Artifacts.Root, "artifacts", "peers", "node_modules");
        var file = Path.GetTempFileName();
        try
        {
            var question = new JsonObject
            {
                ["policies"] = new JsonArray([.. policies.Select(policy => policy.DeepClone())]),
                ["requests"] = new JsonArray([.. requests.Select(Describe)]),
            };
            await File.WriteAllTextAsync(file, question.ToJsonString(), Artifacts.Token);
            var (exitCode, output, error) = await Artifacts.RunAsync("node", ["tests/peers/iam.mjs", modules, file]);
            Assert.True(exitCode == 0, error);
            return [.. JsonNode.Parse(output)!.AsArray().Select(row => row!.AsArray().Select(one => one!.GetValue<bool>()).ToList())];
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>Whether a policy allows a request.</summary>
    public static async Task<bool> AllowsAsync(JsonNode policy, IamRequest request) => (await DecideAsync([policy], [request]))[0][0];

    private static JsonNode Describe(IamRequest request) => new JsonObject
    {
        ["action"] = request.Action,
        ["resource"] = request.Resource,
        ["context"] = new JsonObject(request.Context.Select(value =>
            KeyValuePair.Create(value.Key, (JsonNode?)new JsonArray([.. value.Value.Select(text => (JsonNode)text)])))),
    };
}
