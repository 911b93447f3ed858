using FastTrigger.Aws;
using FastTrigger.Aws.Ssm;
using FastTrigger.Configuration;
using FastTrigger.Core;
using FastTrigger.Dispatch;
using FastTrigger.Http;
using FastTrigger.Routing;
using FastTrigger.Runtime;
using FastTrigger.Telemetry;

namespace FastTrigger;

/// <summary>
/// What INIT does so that the first event finds it done. Lambda gives INIT a whole processor whatever the memory size; an invocation at 128
/// MB gets a fourteenth of one, and a TLS handshake there takes most of a second. So connections to what the routes name are opened, and
/// meanwhile the whole way of an event is gone once with an event that is made up, between peers that are not there: no socket is written
/// to, no handler is called, nothing is kept but the day's signing key. What fails is logged and left to the first event, which does it
/// again or reports it.
/// </summary>
internal sealed class WarmUp(
    Settings settings,
    RouteTable table,
    AwsShared shared,
    AwsClient aws,
    RuntimeApiClient client,
    Origin api,
    Log log,
    StageTimer? stages = null)
{
    /// <summary>Takes the place of whatever an event would say: fit for an id, a tag's value and a variable alike.</summary>
    private const string Placeholder = "i-00000000000000000";

    private const string Account = "000000000000", RouteName = "rehearsal";

    public void Run()
    {
        if (settings.Warm == WarmLevel.Off)
        {
            return;
        }

        var began = settings.Clock.MonotonicMs;
        try
        {
            foreach (var failure in OpenAndRehearse())
            {
                log.Write(LogLevel.Warn, null, "not warmed up", ("reason", failure));
            }
        }
        // As on the other threads: a bug here is not worth a function that does not start.
        catch (Exception e)
        {
            log.Write(LogLevel.Warn, null, "not warmed up", ("reason", $"{e.GetType().Name}: {e.Message}"));
        }

        log.Write(LogLevel.Debug, null, "warmed up", ("ms", settings.Clock.MonotonicMs - began));
    }

    private IReadOnlyList<string> OpenAndRehearse()
    {
        var opener = Opener();
        opener?.Begin();
        stages?.Mark("openssl"u8);
        if (opener is null)
        {
            Rehearse();
        }

        _ = client.Connect();
        return opener?.Finish() ?? [];
    }

    /// <summary>Null when the routes call nothing that is known before an event.</summary>
    private ConnectionOpener? Opener()
    {
        var endpoints = EndpointsOf(table, settings.Region);
        var systemTrust = false;
        foreach (var route in table.Routes)
        {
            foreach (var action in route.Actions)
            {
                systemTrust |= action.NeedsSystemTrust;
            }
        }

        return endpoints.Count == 0 && !systemTrust
            ? null
            : new(aws, shared, endpoints, systemTrust, Rehearse, Deadline.In(settings.Clock, settings.WarmLimitMs));
    }

    /// <summary>The endpoints that the routes call as far as they are known before any event, each once.</summary>
    internal static List<(string Service, string Region)> EndpointsOf(RouteTable table, string ownRegion)
    {
        var endpoints = new List<(string Service, string Region)>();
        if (table.ReadsParameters)
        {
            endpoints.Add((ParameterStore.Operations.GetParameter.Service, ownRegion));
        }

        foreach (var route in table.Routes)
        {
            foreach (var call in RouteCalls.Of(route))
            {
                var endpoint = (call.Operation.Service, call.Region ?? ownRegion);
                if (!endpoints.Exists(known => known == endpoint))
                {
                    endpoints.Add(endpoint);
                }
            }
        }

        return endpoints;
    }

    /// <summary>One event for the patterns of all routes, then one for each kind of action.</summary>
    private void Rehearse()
    {
        if (settings.Warm != WarmLevel.Full || (!shared.Credentials.AreAtHand && EndpointsOf(table, settings.Region).Count > 0))
        {
            return;
        }

        var anything = Event();
        var idle = new List<Route>(table.Routes.Count);
        foreach (var route in table.Routes)
        {
            idle.Add(route with { Actions = [] });
        }

        Play(table with { Routes = idle }, anything);
        var kinds = new List<string>();
        foreach (var route in table.Routes)
        {
            foreach (var action in route.Actions)
            {
                if (action.RehearsedAnswer is not { } answer || kinds.Has(action.Name))
                {
                    continue;
                }

                kinds.Add(action.Name);
                aws.Rehearse(new(Http(answer)));
                try
                {
                    var rehearsal = new Route(RouteName, null, null, [], [action]);
                    byte[] payload = [.. "{\"fasttrigger-route\":\"rehearsal\",\"event\":"u8, .. anything, (byte)'}'];
                    Play(table with { Routes = [rehearsal] }, payload);
                }
                finally
                {
                    // Whatever happens, nothing real may go to a peer that is not there.
                    aws.Rehearse(null);
                }
            }
        }
    }

    private void Play(RouteTable rehearsed, byte[] payload)
    {
        var quiet = new Log(settings.LogJson, settings.LogLevel, settings.Clock, descriptor: -1);
        var peer = new InMemoryTransport(Http(payload, withInvocation: true), Http([]));
        using var rehearsing = new RuntimeApiClient(api, settings.Clock, HttpConnection.Over(peer, settings.Clock));
        var dispatcher = new Dispatcher(rehearsed, aws, shared, quiet, static (_, _) => { }, Placeholder);
        _ = new InvocationLoop(rehearsing, dispatcher.Handle, quiet, end: dispatcher.Finish).RunOnce();
    }

    private byte[] Http(byte[] body, bool withInvocation = false)
    {
        var answer = new ByteBuffer(512).Append("HTTP/1.1 200 OK\r\n"u8);
        if (withInvocation)
        {
            answer.Append("Lambda-Runtime-Aws-Request-Id: "u8).Append(RouteName)
                .Append("\r\nLambda-Runtime-Deadline-Ms: "u8).Append(settings.Clock.UnixMs + 30_000)
                .Append("\r\nLambda-Runtime-Invoked-Function-Arn: arn:aws:lambda:"u8)
                .Append(settings.Region).Append((byte)':').Append(Account).Append(":function:"u8).Append(settings.FunctionName)
                .Append("\r\n"u8);
        }

        return [.. answer.Append("Content-Length: "u8).Append(body.Length).Append("\r\n\r\n"u8).Append(body).Span];
    }

    /// <summary>An API call and a state change in one: what most routes look at is in it.</summary>
    private byte[] Event()
    {
        var text = new ByteBuffer();
        new JsonBuilder(text).BeginObject()
            .Member("id", RouteName).Member("source", "aws.ec2").Member("detail-type", "AWS API Call via CloudTrail")
            .Member("account", Account).Member("region", settings.Region)
            .Member("time", new ByteBuffer(32).AppendIso(settings.Clock.UnixMs).ToString())
            .Name("detail").BeginObject().Member("eventName", "RunInstances").Member("instance-id", Placeholder)
            .Name("userIdentity").BeginObject().Member("type", "IAMUser").Member("userName", Placeholder).EndObject()
            .Name("responseElements").BeginObject().Name("instancesSet").BeginObject().Name("items").BeginArray()
            .BeginObject().Member("instanceId", Placeholder).EndObject()
            .EndArray().EndObject().EndObject().EndObject().EndObject();
        return [.. text.Span];
    }
}
