using System.Globalization;
using System.Text.Json.Nodes;

namespace FastTrigger.Cli.Chaos.Wire;

/// <summary>
/// The size and the seed of one run on the wire. Each event has one kind, and each kind its own route. Each check has its own route too,
/// because event text may not be in the URL by which its requests are counted.
/// </summary>
/// <param name="Seed">Seeds every choice of a fault. The machine's own timing stays random.</param>
/// <param name="ActsOnce">Whether the routes act once. False shows what happens without it.</param>
/// <param name="Handler">The name of a C# handler that writes the event's tank into the log; null for no such route.</param>
internal sealed record WirePlan(int Events, int Deliveries, int Seed, bool ActsOnce = true, string? Handler = null)
{
    public const string Tagged = "tagged", Guarded = "guarded", Waited = "waited", Recorded = "recorded", Automated = "automated",
        Called = "called", Checked = "checked", Hooked = "hooked", Handled = "handled";

    /// <summary>The server that all commands are for.</summary>
    public const string Server = "i-0aaaaaaaaaaaaaaa1";

    /// <summary>The document that runs once for an event by the act-once table.</summary>
    public const string Document = "Plant-Valve";

    public const string World = $$$"""
        {
          "instances": [{ "id": "{{{Server}}}", "tags": { "Role": "pump" } }],
          "documents": [
            { "name": "{{{Document}}}", "parameters": ["order"], "script": "echo '{{ order }}' >> recorded.log" },
            { "name": "Plant-Restart", "parameters": ["order"] }
          ]
        }
        """;

    public IReadOnlyList<string> Kinds =>
    [
        Tagged, Guarded, Waited, Recorded, Automated, Called, Checked, Hooked, .. Handler is null ? Array.Empty<string>() : [Handled],
    ];

    private string Command => $$"""
        "targets": { "tag:Role": ["pump"] }, "commands": ["echo \"$ORDER\" >> guarded.log"],
        "environment": { "ORDER": "${event.detail.order}" }, {{Once}}
        """;

    private string Automation => $$"""
        "run-automation": { "document": "Plant-Restart", "parameters": { "order": "${event.detail.order}" }, {{Once}} }
        """;

    private string Once => ActsOnce ? "\"once\": true" : "\"once\": false";

    public string KindOf(int number) => Kinds[number % Kinds.Count];

    public string Routes()
    {
        var routes = new List<string>
        {
            Route(Tagged, """ "tag": { "tags": { "Owner": "${owner}" }, "volumes": false } """),
            Route(Guarded, $$""" "run-command": { {{Command}} } """),
            Route(Waited, $$""" "run-command": { {{Command}}, "wait": { "timeout": "5s" } } """),
            Route(Recorded, $$"""
                "run-command": { "targets": { "tag:Role": ["pump"] }, "document": "{{Document}}",
                  "parameters": { "order": "${event.detail.order}" }, {{Once}} }
                """),
            Route(Automated, Automation),
            Route(Called, $$""" "call": { "url": "${env.SITE}", "message": "${event.detail.order}", {{Once}} } """),
            Route(Hooked, Automation, """ "lifecycle": {}, """),
        };
        if (Handler is not null)
        {
            routes.Add(Route(Handled, $$""" "handler": { "name": "{{Handler}}" } """));
        }

        routes.AddRange(Enumerable.Range(0, Events).Where(number => KindOf(number) == Checked).Select(static number => $$"""
            { "name": "{{Checked}}-{{number}}", "when": { "detail": { "order": ["{{OrderOf(number)}}"] } },
              "do": [{ "check-website": { "url": "${env.SITE}{{CheckOf(number)}}" } }] }
            """));
        return $$"""{ "routes": [{{string.Join(",\n", routes)}}] }""";
    }

    public static string OrderOf(int number) => string.Create(CultureInfo.InvariantCulture, $"order-{number:000000}");

    /// <summary>The query of the requests of an event's check.</summary>
    public static string CheckOf(int number) => $"?{OrderOf(number)}";

    public static string InstanceOf(int number) => string.Create(CultureInfo.InvariantCulture, $"i-{number:x17}");

    /// <summary>The token of a lifecycle action, which has 36 characters.</summary>
    public static string TokenOf(int number) => OrderOf(number).PadRight(36, '0');

    public JsonObject Event(int number)
    {
        var kind = KindOf(number);
        var detail = new JsonObject { ["kind"] = kind, ["order"] = OrderOf(number) };
        if (kind == Tagged)
        {
            detail["eventName"] = "RunInstances";
            detail["userIdentity"] = new JsonObject { ["type"] = "IAMUser", ["userName"] = "alice" };
            var items = new JsonArray(new JsonObject { ["instanceId"] = InstanceOf(number) });
            detail["responseElements"] = new JsonObject { ["instancesSet"] = new JsonObject { ["items"] = items } };
        }
        else if (kind == Hooked)
        {
            detail["LifecycleActionToken"] = TokenOf(number);
            detail["AutoScalingGroupName"] = "pumps";
            detail["LifecycleHookName"] = "provision";
            detail["EC2InstanceId"] = InstanceOf(number);
            detail["LifecycleTransition"] = "autoscaling:EC2_INSTANCE_LAUNCHING";
        }

        return new()
        {
            ["version"] = "0",
            ["id"] = new Guid(number, 0, 1, new byte[8]).ToString(),
            ["source"] = kind switch { Tagged => "aws.ec2", Hooked => "aws.autoscaling", _ => "water.plant" },
            ["detail-type"] = kind switch
            {
                Tagged => "AWS API Call via CloudTrail",
                Hooked => "EC2 Instance-launch Lifecycle Action",
                _ => "Order",
            },
            ["account"] = "123456789012",
            ["region"] = "us-east-1",
            ["time"] = DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            // The handler of the tests writes it into the log.
            ["tank"] = OrderOf(number),
            ["detail"] = detail,
        };
    }

    private static string Route(string kind, string action, string settings = "") =>
        $$"""{ "name": "{{kind}}", "when": { "detail": { "kind": ["{{kind}}"] } }, {{settings}} "do": [{ {{action}} }] }""";
}
