using FastTrigger.Actions;
using FastTrigger.Actions.Once;
using FastTrigger.Actions.RunCommand;
using FastTrigger.Actions.Tagging;
using FastTrigger.Aws;
using FastTrigger.Aws.Ec2;
using FastTrigger.Aws.Ssm;
using FastTrigger.Core;
using FastTrigger.Http;
using FastTrigger.Routing;
using FastTrigger.Telemetry;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Actions;

/// <summary>
/// An event of 6 MB names 100,000 resources. Ten times as many take about ten times as much memory, which counts always the same. Work that
/// grows with the square of their number, and allocates nothing, takes far more than the limit of processor time, however busy the machine.
/// </summary>
public sealed class LinearWorkTests
{
    private const int Few = 10_000, Many = 100_000;

    /// <summary>Some 100 ms are used, and 10 seconds and more by a search of a list for each entry.</summary>
    private const int LimitMs = 4_000;

    [Fact]
    public void What_an_event_created_is_read_in_linear_time() => Measure(count =>
    {
        var launch = JsonDocument.Parse(Launch(count)).RootElement;
        return () => Assert.Equal(count, CreatedResources.Read(launch, out _)!.Count);
    });

    [Fact]
    public void Targets_are_read_in_linear_time() => Measure(count =>
    {
        var targets = Targets();
        var scope = Context(Launch(count)).Scope;
        return () => Assert.Equal(count, targets.Evaluate(scope, "us-east-1", out _)!.Count);
    });

    [Fact]
    public void Tags_that_are_missing_are_grouped_in_linear_time() => Measure(count =>
    {
        var ids = Ids(count);
        var present = ids.Where((_, i) => i % 2 == 0).Select(id => new TagDescription(id, "a", "x")).ToList();
        return () =>
        {
            var groups = MissingTags.Group(ids, [new("a", "1"), new("b", "2")], present);
            Assert.Equal(count, groups.Sum(group => group.Resources.Count));
        };
    });

    [Fact]
    public void Volumes_of_launched_instances_are_found_in_linear_time() => Measure(count =>
    {
        const string NoVolumes = "<r><s><item><i><item><instanceId>i-00000000000000001</instanceId></item></i></item></s></r>";
        var context = Context(Launch(count), NoVolumes);
        return () =>
        {
            var resources = Ids(count);
            var volumes = new LaunchedVolumes(context, new(context.Aws, "us-east-1"));
            Assert.Null(volumes.AddTo(resources, isNew: true));
            Assert.Equal(count, volumes.Missing.Count);
        };
    });

    [Fact]
    public void Servers_are_checked_in_linear_time() => Measure(count =>
    {
        // Every page shows the same 50 agents, none of which is asked for.
        var agents = string.Join(',', Enumerable.Range(Many + 1, 50).Select(i =>
            $$"""{"InstanceId":"i-{{i:x17}}","PingStatus":"Online"}"""));
        var context = Context("{}", $$"""{"InstanceInformationList":[{{agents}}]}""");
        return () =>
        {
            var ids = Ids(count);
            var check = new OnlineCheck(context);
            Assert.Equal(Outcome.Skipped, check.Check(new(context.Aws, "us-east-1"), ids, WhenOffline.Skip)!.Value.Outcome);
            Assert.Empty(ids);
        };
    });

    [Fact]
    public void Commands_are_sent_in_linear_time() => Measure(count =>
    {
        var context = Context("{}", """{"__type":"InvalidInstanceId","message":""}""", status: "400 Bad Request");
        var request = new SendCommandRequest { DocumentName = "AWS-RunShellScript" };
        var once = new OnceSetting(true, null, OncePer.Server, false);
        return () =>
        {
            var sender = new CommandSender(context, new(context.Aws, "us-east-1"), request, "key", once, wait: null, since: null);
            Assert.Equal(Outcome.Retry, sender.Send(Ids(count), confirm: false).Outcome);
        };
    }, few: 1_000, many: 10_000);

    [Fact]
    public void Tags_are_written_in_linear_time() => Measure(count =>
    {
        var context = Context("{}", "<r/>");
        return () =>
        {
            var ec2 = new Ec2Client(context.Aws, "us-east-1");
            var result = new TagWriter(context, ec2, isNew: false, isPatient: true).Write([new([new("a", "b")], Ids(count))]);
            Assert.StartsWith($"{count} resources tagged with a", result.Detail, StringComparison.Ordinal);
        };
    });

    [Fact]
    public void Routes_are_read_in_linear_time() => Measure(count =>
    {
        var list = Enumerable.Range(1, count).Select(i => $$"""
            { "name": "route-{{i}}", "when": { "detail": { "pump": ["{{i}}"] } }, "do": [{ "tag": { "tags": { "a": "b" } } }] }
            """);
        var routes = Encoding.UTF8.GetBytes("{\"routes\":[" + string.Join(',', list) + "]}");
        return () =>
        {
            var problems = new FastTrigger.Json.JsonProblems("routes.json", routes);
            Assert.Equal(count, RoutesFile.Read(routes, null, problems)!.Routes.Count);
        };
    }, few: 1_000, many: 10_000);

    private static void Measure(Func<int, Action> prepare, int few = Few, int many = Many)
    {
        // What is made once is not counted.
        prepare(100)();
        var (less, _) = Run(prepare(few));
        var (more, milliseconds) = Run(prepare(many));
        Assert.InRange((double)more / less, 0, 1.5 * many / few);
        Assert.InRange(milliseconds, 0, LimitMs);
    }

    private static (long Bytes, long Milliseconds) Run(Action work)
    {
        var (bytes, milliseconds) = (GC.GetAllocatedBytesForCurrentThread(), ProcessorMs());
        work();
        return (GC.GetAllocatedBytesForCurrentThread() - bytes, ProcessorMs() - milliseconds);
    }

    /// <summary>The processor time of this thread.</summary>
    private static unsafe long ProcessorMs()
    {
        const int ClockThread = 3;
        Libc.TimeSpec time;
        Assert.Equal(0, Libc.GetTime(ClockThread, &time));
        return (time.Seconds * 1_000) + (time.Nanoseconds / 1_000_000);
    }

    private static List<string> Ids(int count) => [.. Enumerable.Range(1, count).Select(i => $"i-{i:x17}")];

    private static string Launch(int count)
    {
        var items = string.Join(',', Ids(count).Select(id => $$"""{"instanceId":"{{id}}","rootDeviceType":"ebs"}"""));
        return RouterFixture.Event("{\"eventName\":\"RunInstances\",\"responseElements\":{\"instancesSet\":{\"items\":[" + items + "]}}}");
    }

    private static CommandTargets Targets()
    {
        const string Text = """{"targets":{"instanceIds":["${event.detail.responseElements.instancesSet.items[*].instanceId}"]}}""";
        var bytes = Encoding.UTF8.GetBytes(Text);
        var problems = new FastTrigger.Json.JsonProblems("file", bytes);
        var node = FastTrigger.Json.JsonNodeReader.Read(bytes, problems)!.Value;
        var targets = CommandTargets.Read(FastTrigger.Values.SettingReader.Open(node, "action", problems)!, Allow.Default);
        Assert.False(problems.Any, problems.ToString());
        return targets!;
    }

    /// <summary>A context whose calls are all answered with this.</summary>
    private static ActionContext Context(string payload, string answer = "", string status = "200 OK")
    {
        var shared = new AwsShared(TestEnvironment.Settings());
        var client = new AwsClient(shared);
        var response = $"HTTP/1.1 {status}\r\nContent-Length: {answer.Length}\r\n\r\n{answer}";
        client.Rehearse(new InMemoryTransport(Encoding.UTF8.GetBytes(response)));
        return new()
        {
            Item = Items.Read(payload),
            RouteName = "r",
            ActionIndex = 0,
            Invocation = Items.Invocation("{}"),
            // Less than it takes to wait: a volume that is not attached is looked for once.
            Deadline = Deadline.In(new StoppedClock(), 450),
            Shared = shared,
            Aws = client,
            Allow = Allow.Default,
            Log = new Log(json: true, LogLevel.Fatal, Clock.System, descriptor: -1),
            Abandon = _ => { },
        };
    }

    /// <summary>However long a slow machine takes, the time is not up.</summary>
    private sealed class StoppedClock : Clock
    {
        public override long MonotonicMs => 1_000_000;
    }
}
