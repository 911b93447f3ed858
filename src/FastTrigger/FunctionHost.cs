using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using FastTrigger.Actions.Handlers;
using FastTrigger.Aws;
using FastTrigger.Configuration;
using FastTrigger.Core;
using FastTrigger.Dispatch;
using FastTrigger.Http;
using FastTrigger.Routing;
using FastTrigger.Runtime;
using FastTrigger.Telemetry;

namespace FastTrigger;

/// <summary>
/// The function: reads settings and routes, then serves invocations until Lambda ends the process. <c>return new FunctionHost().Run();</c>
/// is a whole program; <see cref="Handle(string, Handler)"/> adds C# that routes can name.
/// </summary>
public sealed class FunctionHost
{
    private readonly Dictionary<string, RegisteredHandler> _handlers = [];

    /// <summary>Registers C# for the action {"handler": {"name": NAME}}.</summary>
    /// <param name="name">The name in routes.json.</param>
    /// <param name="handler">
    /// Called for each item of a route that names it; by several threads when Lambda gives the environment several invocations at a time.
    /// </param>
    /// <returns>This host.</returns>
    /// <exception cref="ArgumentException">The name is registered already.</exception>
    public FunctionHost Handle(string name, Handler handler)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(handler);
        _handlers.Add(name, new HandlerRunner(handler));
        return this;
    }

    /// <summary>Registers C# that takes the event as a type of its own. An event that is not of that type fails the action.</summary>
    /// <typeparam name="TEvent">The event's type.</typeparam>
    /// <param name="name">The name in routes.json.</param>
    /// <param name="typeInfo">
    /// From a source-generated JsonSerializerContext: MyJson.Default.MyEvent. There is no reflection in the binary.
    /// </param>
    /// <param name="handler">Called for each item of a route that names it.</param>
    /// <returns>This host.</returns>
    /// <exception cref="ArgumentException">The name is registered already.</exception>
    public FunctionHost Handle<TEvent>(string name, JsonTypeInfo<TEvent> typeInfo, Handler<TEvent> handler)
    {
        ArgumentNullException.ThrowIfNull(typeInfo);
        ArgumentNullException.ThrowIfNull(handler);
        return Handle(name, (item, context, token) =>
        {
            TEvent? message;
            try
            {
#pragma warning disable RS0030 // a typed handler's own choice, trimmed away where there is none
                message = item.Event.Deserialize(typeInfo);
#pragma warning restore RS0030
            }
            catch (JsonException e)
            {
                return ValueTask.FromResult(ActionResult.Failed($"the event is no {typeof(TEvent).Name}: {e.Path}"));
            }

            return message is null
                ? ValueTask.FromResult(ActionResult.Failed($"the event is null, not {typeof(TEvent).Name}"))
                : handler(message, context, token);
        });
    }

    /// <summary>Serves invocations. Returns only when the process should end.</summary>
    /// <returns>The process's exit code, which is never 0: Lambda ends a function by stopping it.</returns>
    public int Run() => Run(Settings.FromProcess);

    internal int Run(Func<string, string?> variable)
    {
        var stages = StageTimer.Start(variable);
        var startedMs = Clock.System.MonotonicMs;
        var mistakes = new List<string>();
        var settings = Settings.Read(variable, mistakes);
        stages?.Mark("settings"u8);
        var log = new Log(settings.LogJson, settings.LogLevel, settings.Clock, redacted: settings.Redact, debugShare: settings.DebugShare);
        if (settings.RuntimeApi is null || !Origin.TryParse("http://" + settings.RuntimeApi, out var api, out _))
        {
            Complain(
                "AWS_LAMBDA_RUNTIME_API is not host:port: this is a Lambda custom runtime and is started by Lambda, "
                    + "or by `fasttrigger run`");
            return 1;
        }

        var table = mistakes.Count > 0 ? null : RoutesFile.Load(settings.RoutesPath, _handlers, out var wrong) ?? Note(mistakes, wrong);
        if (table is not null && settings.OnceTable is null && table.NeedsOnceTable(out var route))
        {
            mistakes.Add(
                $"{settings.RoutesPath}: route '{route}' acts once by an entry in DynamoDB, and FASTTRIGGER_ONCE_TABLE names no table; "
                    + "create one with the key id (a string), or say \"once\": false");
            table = null;
        }

        stages?.Mark("routes"u8);
        return table is null ? FailInit(api, settings, string.Join('\n', mistakes)) : Serve(api, settings, table, log, stages, startedMs);
    }

    private static RouteTable? Note(List<string> mistakes, string wrong)
    {
        mistakes.Add(wrong);
        return null;
    }

    /// <summary>One loop on one thread for each invocation that Lambda may give at a time; the first that ends, ends the process.</summary>
    private static int Serve(Origin api, Settings settings, RouteTable table, Log log, StageTimer? stages, long startedMs)
    {
        HeapLimit.Set(settings.MemoryMiB);
        var shared = new AwsShared(settings);
        var inFlight = new InFlight(settings.Clock);
        for (var i = 1; i < settings.MaxConcurrency; i++)
        {
            new Thread(() => Libc.ExitNow(Loop(warm: false))) { IsBackground = true }.Start();
        }

        return Loop(warm: true);

        int Loop(bool warm)
        {
            using var aws = new AwsClient(shared);
            using var client = new RuntimeApiClient(api, settings.Clock) { Refused = LogError };
            if (warm)
            {
                new WarmUp(settings, table, shared, aws, client, api, log, stages).Run();
            }

            // An environment of provisioned concurrency was there before its first event.
            var waited = warm && (settings.Variable("AWS_LAMBDA_INITIALIZATION_TYPE") ?? "on-demand") == "on-demand";
            var initMs = waited ? settings.Clock.MonotonicMs - startedMs : (long?)null;
            var dispatcher = new Dispatcher(table, aws, shared, log, Abandon, initMs: initMs);
            if (warm && stages is not null)
            {
                stages.Mark("handshakes"u8);
                return new InvocationLoop(client, Timed(dispatcher.Handle, stages), log, inFlight, dispatcher.Finish).Run();
            }

            return new InvocationLoop(client, dispatcher.Handle, log, inFlight, dispatcher.Finish).Run();
        }

        void Abandon(Invocation invocation, RuntimeError error)
        {
            Report(invocation, error);
            if (inFlight.End(invocation) is { } others)
            {
                foreach (var other in others)
                {
                    Report(other, new(
                        "Function.EnvironmentEnded",
                        "a handler of another invocation did not return, and this one was not finished in time"));
                }

                Libc.ExitNow(1);
            }
        }

        void LogError(string requestId, RuntimeError error) => log.Write(
            LogLevel.Fatal, requestId, "invocation", ("outcome", "error"), ("errorType", error.Type), ("error", error.Message));

        void Report(Invocation invocation, RuntimeError error)
        {
            LogError(invocation.RequestId, error);
            using var client = new RuntimeApiClient(api, settings.Clock);
            _ = client.PostError(invocation.RequestId, error, out _);
        }
    }

    /// <summary>The first event ends what is timed.</summary>
    private static InvocationHandler Timed(InvocationHandler handler, StageTimer stages)
    {
        var first = true;
        return (invocation, answer) =>
        {
            if (!first)
            {
                return handler(invocation, answer);
            }

            first = false;
            stages.Mark("next"u8);
            var result = handler(invocation, answer);
            stages.Mark("event"u8);
            stages.Write();
            return result;
        };
    }

    private static int FailInit(Origin api, Settings settings, string reason)
    {
        Complain(reason);
        using var client = new RuntimeApiClient(api, settings.Clock);
        if (client.PostInitError(new("Function.InvalidConfiguration", reason), out var failure) is not (>= 200 and < 300))
        {
            Complain(failure);
        }

        return 1;
    }

    private static void Complain(string text) => Libc.WriteAll(2, new ByteBuffer().Append(text).Append((byte)'\n').Span);
}
