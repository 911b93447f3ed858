using System.Reflection;
using FastTrigger.Actions;
using FastTrigger.Aws;
using FastTrigger.Cli.LocalAws;
using FastTrigger.Dispatch;
using FastTrigger.Routing;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Actions;

/// <summary>Routes that use every setting that leads to a call of AWS, and a world where each call works.</summary>
internal static class EveryCall
{
    public const string Server = "i-0aaaaaaaaaaaaaaa1";

    public const string Routes = """
        {
          "allow": { "instanceTags": { "Role": ["pump"] }, "terminate": true },
          "routes": [
            {
              "name": "search",
              "when": { "source": ["test"] },
              "do": [{ "run-command": {
                "targets": { "resolve": { "filters": { "tag:Role": ["pump"] } } },
                "commands": ["true"], "offline": "fail", "wait": { "cancel": true },
                "role": { "arn": "arn:aws:iam::123456789012:role/Own", "sessionTags": { "Team": "water" } } } }]
            },
            {
              "name": "document",
              "when": { "source": ["test"] },
              "do": [{ "run-command": { "targets": { "tag:Role": ["pump"] }, "document": "Plant-Valve" } }]
            },
            {
              "name": "automation",
              "when": { "source": ["test"] },
              "do": [{ "run-automation": { "document": "Plant-Restart", "wait": true, "role": "arn:aws:iam::123456789012:role/Own" } }]
            },
            {
              "name": "tag",
              "when": { "source": ["test"] },
              "do": [{ "tag": { "tags": { "Owner": "${owner}" }, "autoScaling": "inherit" } }]
            },
            {
              "name": "overwrite",
              "when": { "source": ["test"] },
              "do": [{ "tag": { "tags": { "Owner": "${owner ?? 'nobody'}" }, "overwrite": true, "volumes": false,
                "role": "arn:aws:iam::123456789012:role/Own" } }]
            },
            {
              "name": "call",
              "when": { "source": ["test"] },
              "do": [{ "call": { "url": "http://127.0.0.1:9/", "message": "x" } }]
            },
            {
              "name": "check",
              "when": { "source": ["test"] },
              "do": [{ "check-website": { "url": "http://127.0.0.1:9/" } }]
            },
            {
              "name": "waiting",
              "from": ["codepipeline", "config", "eventbridge"], "lifecycle": {},
              "when": { "source": ["test"] },
              "do": [{ "check-website": { "url": "http://127.0.0.1:9/" } }]
            },
            {
              "name": "reboot",
              "when": { "source": ["test"] },
              "do": [{ "reboot-instances": { "targets": { "tag:Role": ["pump"] },
                "role": "arn:aws:iam::123456789012:role/Own" } }]
            },
            {
              "name": "start",
              "when": { "source": ["test"] },
              "do": [{ "start-instances": { "targets": { "instanceIds": ["i-0aaaaaaaaaaaaaaa2"] }, "wait": true, "once": true,
                "role": "arn:aws:iam::123456789012:role/Own" } }]
            },
            {
              "name": "stop",
              "when": { "source": ["test"] },
              "do": [{ "stop-instances": { "targets": { "resolve": { "filters": { "tag:Role": ["pump"] } } }, "once": true,
                "role": "arn:aws:iam::123456789012:role/Own" } }]
            },
            {
              "name": "terminate",
              "when": { "source": ["test"] },
              "do": [{ "terminate-instances": { "targets": { "tag:Role": ["pump"] }, "once": true,
                "role": "arn:aws:iam::123456789012:role/Own" } }]
            },
            {
              "name": "signed",
              "from": ["http"], "auth": { "hmac": { "secret": "${ssm:/plant/hmac}" } },
              "when": { "path": ["/"] },
              "do": [{ "check-website": { "url": "http://127.0.0.1:9/" } }]
            }
          ]
        }
        """;

    /// <summary>A launch by Auto Scaling: it has a resource to tag, and no person as its owner.</summary>
    public static string Event => RouterFixture.Event($$"""
        {
          "eventName": "RunInstances",
          "userIdentity": { "type": "Root", "invokedBy": "autoscaling.amazonaws.com" },
          "responseElements": { "instancesSet": { "items": [{ "instanceId": "{{Server}}" }] } }
        }
        """.ReplaceLineEndings(""));

    public static WorldFile World => new()
    {
        Instances =
        [
            new()
            {
                Id = Server,
                Tags = new Dictionary<string, string> { ["Role"] = "pump", ["aws:autoscaling:groupName"] = "pumps" },
            },
            new() { Id = "i-0aaaaaaaaaaaaaaa2", State = "stopped", Tags = new Dictionary<string, string> { ["Role"] = "pump" } },
        ],
        Documents = [new() { Name = "Plant-Valve", Script = "true" }, new() { Name = "Plant-Restart" }],
        Groups = [new() { Name = "pumps", Tags = new Dictionary<string, string> { ["Owner"] = "alice" } }],
        Roles = [new() { Arn = "arn:aws:iam::123456789012:role/Own" }],
        Tables = ["once"],
    };

    public static RouteTable Table
    {
        get
        {
            var table = RoutesText.Read(Routes, out var problems);
            Assert.True(table is not null, problems);
            return table;
        }
    }

    /// <summary>Every operation that a client states, by reflection, so that a new client cannot be left out.</summary>
    public static IReadOnlyList<AwsOperation> StatedOperations { get; } =
    [
        .. typeof(AwsOperation).Assembly.GetTypes()
            .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Where(field => field.FieldType == typeof(AwsOperation))
            .Select(field => (AwsOperation)field.GetValue(null)!),
    ];

    /// <summary>The calls of the routes, by what makes them: an action, or a setting of the route.</summary>
    public static IEnumerable<(string Maker, ActionCall Call)> Calls => Table.Routes.SelectMany(route =>
    {
        var ofActions = route.Actions.SelectMany(action => action.Calls.Select(call => (action.Name, call)));
        var others = RouteCalls.Of(route).Skip(route.Actions.Sum(action => action.Calls.Count));
        return ofActions.Concat(others.Select(call => ("a route", call)));
    });
}
