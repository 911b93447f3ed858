using System.Text.Json.Nodes;

namespace FastTrigger.Cli.Chaos;

/// <summary>The size and the seed of one chaos run.</summary>
/// <param name="Seed">Seeds every random choice. The machine's own timing stays random.</param>
/// <param name="Guarded">Whether the routes act once. False shows what happens without it.</param>
internal sealed record ChaosPlan(int Events, int Deliveries, int Seed, bool Guarded = true, int Concurrency = 8)
{
    /// <summary>One route for each way of acting once.</summary>
    public string Routes(string site) => $$"""
        {
          "routes": [
            {
              "name": "tagged",
              "when": { "source": ["aws.ec2"] },
              "do": [{ "tag": { "tags": { "Owner": "${owner}" }, "volumes": false } }]
            },
            {
              "name": "guarded",
              "when": { "source": ["aws.ec2"] },
              "do": [{ "run-command": {
                "targets": { "tag:Role": ["pump"] },
                "commands": ["echo \"$ORDER\" >> guarded.log"],
                "environment": { "ORDER": "${event.detail.order}" },
                "once": {{Once}}
              } }]
            },
            {
              "name": "recorded",
              "when": { "source": ["aws.ec2"] },
              "do": [{ "run-command": {
                "targets": { "tag:Role": ["pump"] },
                "document": "Plant-Valve",
                "parameters": { "order": "${event.detail.order}" },
                "once": {{Once}}
              } }]
            },
            {
              "name": "automated",
              "when": { "source": ["aws.ec2"] },
              "do": [{ "run-automation": {
                "document": "Plant-Restart",
                "parameters": { "order": "${event.detail.order}" },
                "once": {{Once}}
              } }]
            },
            {
              "name": "called",
              "when": { "source": ["aws.ec2"] },
              "do": [{ "call": { "url": "{{site}}", "message": "${event.detail.order}", "once": {{Once}} } }]
            }
          ]
        }
        """;

    private string Once => Guarded ? "true" : "false";

    public static string OrderOf(int number) => $"order-{number:000000}";

    public static string InstanceOf(int number) => $"i-{number:x17}";

    /// <summary>A launch of one instance, as CloudTrail records it.</summary>
    public static JsonObject Event(int number) => new()
    {
        ["version"] = "0",
        ["id"] = new Guid(number, 0, 0, new byte[8]).ToString(),
        ["source"] = "aws.ec2",
        ["detail-type"] = "AWS API Call via CloudTrail",
        ["account"] = "123456789012",
        ["region"] = "us-east-1",
        ["time"] = DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture),
        ["detail"] = new JsonObject
        {
            ["eventName"] = "RunInstances",
            ["order"] = OrderOf(number),
            ["userIdentity"] = new JsonObject { ["type"] = "IAMUser", ["userName"] = "alice" },
            ["responseElements"] = new JsonObject
            {
                ["instancesSet"] = new JsonObject { ["items"] = new JsonArray(new JsonObject { ["instanceId"] = InstanceOf(number) }) },
            },
        },
    };
}
