using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace FastTrigger.Cli.LocalLambda;

/// <summary>
/// The Runtime API of one execution environment. It answers as Lambda does and records every violation of the protocol, because a client
/// that needs a lenient server fails in Lambda.
/// </summary>
internal sealed partial class RuntimeApiServer : IAsyncDisposable
{
    /// <summary>The maximum size of a response in Lambda.</summary>
    private const int MaxResponseBytes = 6_291_556;

    private readonly WebApplication _app;
    private readonly FunctionSettings _settings;
    private readonly Channel<PendingInvocation> _waiting = Channel.CreateUnbounded<PendingInvocation>();
    private readonly ConcurrentDictionary<string, PendingInvocation> _running = new();
    private volatile TaskCompletionSource _asking = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private RuntimeApiServer(FunctionSettings settings, string pathPrefix)
    {
        _settings = settings;
        _app = LoopbackServer.Create(options =>
        {
            options.Limits.MaxRequestBodySize = 64 * 1024 * 1024;
            options.Limits.MaxRequestHeadersTotalSize = 128 * 1024;
            options.ListenOnLoopback(0);
        });
        _app.UsePathBase(pathPrefix);
        _app.UseRouting();
        const string Root = "/2018-06-01/runtime";
        _app.MapGet(Root + "/invocation/next", NextAsync);
        _app.MapPost(Root + "/invocation/{id}/response", ResponseAsync);
        _app.MapPost(Root + "/invocation/{id}/error", ErrorAsync);
        _app.MapPost(Root + "/init/error", InitErrorAsync);
        _app.MapFallback(context =>
        {
            Violations.Enqueue($"{context.Request.Method} {context.Request.Path} is no request of the Runtime API");
            context.Response.StatusCode = 404;
            return Task.CompletedTask;
        });
    }

    /// <summary>The value of AWS_LAMBDA_RUNTIME_API.</summary>
    public string Address { get; private set; } = "";

    /// <summary>The violations of the protocol by the runtime.</summary>
    public ConcurrentQueue<string> Violations { get; } = new();

    /// <summary>The Stopwatch ticks of the first GET next.</summary>
    public TaskCompletionSource<long> FirstNext { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when the runtime asks for an event after the last one that it took. One of several loops is not waited for.</summary>
    public Task Asking => _settings.MaxConcurrency > 1 ? Task.CompletedTask : _asking.Task;

    /// <summary>The document of POST /init/error.</summary>
    public JsonNode? InitError { get; private set; }

    /// <summary>The status that refuses the next result, so that tests can simulate a failing Runtime API; null to accept it.</summary>
    public int? RefuseNextResultWith { get; set; }

    public static async Task<RuntimeApiServer> StartAsync(FunctionSettings settings, string pathPrefix = "")
    {
        var server = new RuntimeApiServer(settings, pathPrefix);
        var ports = await server._app.StartOnPortsAsync();
        server.Address = $"127.0.0.1:{ports[0]}{pathPrefix}";
        // The first request compiles the server's code, so that the function does not wait for it.
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        var url = $"http://{server.Address}/2018-06-01/runtime/invocation/none/response";
        using var response = await client.PostAsync(url, new ByteArrayContent([]));
        server.Violations.Clear();
        return server;
    }

    /// <summary>Whether the runtime is about to end, so that it must not get an event.</summary>
    public Func<bool> IsRuntimeEnding { get; set; } = static () => false;

    public void Enqueue(PendingInvocation invocation) => _waiting.Writer.TryWrite(invocation);

    /// <summary>Fails the events that a runtime took before it exited, and returns those that it did not get.</summary>
    public void Fail(string errorType, string message)
    {
        while (_waiting.Reader.TryRead(out var waiting))
        {
            waiting.Return();
        }

        foreach (var running in _running.Values)
        {
            if (running.Delivered == 0)
            {
                running.Return();
            }
            else
            {
                End(running, errorType, message);
            }
        }
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    /// <summary>Completes an invocation with an error of the service.</summary>
    public static void End(PendingInvocation invocation, string errorType, string message)
    {
        var error = new JsonObject
        {
            ["errorType"] = errorType,
            ["errorMessage"] = $"RequestId: {invocation.RequestId} Error: {message}",
        };
        invocation.TryEnd(Encoding.UTF8.GetBytes(error.ToJsonString()), errorType);
    }

    private async Task NextAsync(HttpContext context)
    {
        FirstNext.TrySetResult(Stopwatch.GetTimestamp());
        _asking.TrySetResult();
        if (_running.Count >= _settings.MaxConcurrency)
        {
            Violations.Enqueue("GET next before the current invocation is answered");
        }

        var invocation = await _waiting.Reader.ReadAsync(context.RequestAborted);
        // It is noted before the runtime is looked at: whoever looks second, this or Fail, ends it.
        _running[invocation.RequestId] = invocation;
        if (IsRuntimeEnding())
        {
            // The connection of a killed process closes a moment after it died. Its waiting event is gone from the queue, where Fail
            // would have found it.
            _running.TryRemove(invocation.RequestId, out _);
            invocation.Return();
            context.Abort();
            return;
        }

        var headers = context.Response.Headers;
        headers["Lambda-Runtime-Aws-Request-Id"] = invocation.RequestId;
        var deadline = DateTimeOffset.UtcNow + _settings.Timeout;
        headers["Lambda-Runtime-Deadline-Ms"] = deadline.ToUnixTimeMilliseconds().ToString(provider: null);
        headers["Lambda-Runtime-Invoked-Function-Arn"] = invocation.InvokedArn ?? _settings.Arn;
        if (invocation.TraceId is { } trace)
        {
            headers["Lambda-Runtime-Trace-Id"] = trace;
        }

        if (invocation.ClientContext is { } client)
        {
            headers["Lambda-Runtime-Client-Context"] = client;
        }

        context.Response.ContentType = "application/json";
        context.Response.ContentLength = invocation.Payload.Length;
        _asking = new(TaskCreationOptions.RunContinuationsAsynchronously);
        invocation.Delivered = Stopwatch.GetTimestamp();
        await context.Response.Body.WriteAsync(invocation.Payload, context.RequestAborted);
    }

    private async Task ResponseAsync(HttpContext context)
    {
        var body = await context.ReadBodyAsync();
        if (FindRunning(context, "response") is not { } invocation)
        {
            return;
        }

        _running.TryRemove(invocation.RequestId, out _);
        if (body.Length > MaxResponseBytes)
        {
            End(
                invocation,
                "Function.ResponseSizeTooLarge",
                $"Response payload size exceeded maximum allowed payload size ({MaxResponseBytes} bytes).");
            await RefuseAsync(context, 413, "RequestEntityTooLarge", "Exceeded maximum allowed payload size");
            return;
        }

        var errorType = Trailer(context, "Lambda-Runtime-Function-Error-Type");
        invocation.TryEnd(errorType is null ? body : ErrorOfStream(context), errorType);
        await AcceptAsync(context);
    }

    /// <summary>
    /// A runtime that streams its answer says in the trailer that it failed meanwhile
    /// (docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html, "Implementing response streaming").
    /// </summary>
    private byte[] ErrorOfStream(HttpContext context)
    {
        try
        {
            return Convert.FromBase64String(Trailer(context, "Lambda-Runtime-Function-Error-Body") ?? "");
        }
        catch (FormatException)
        {
            Violations.Enqueue("Lambda-Runtime-Function-Error-Body is not base64");
            return [];
        }
    }

    /// <summary>Null when there is none.</summary>
    private static string? Trailer(HttpContext context, string name) =>
        context.Request.SupportsTrailers() && context.Request.GetTrailer(name) is { Count: > 0 } value ? value.ToString() : null;

    private async Task ErrorAsync(HttpContext context)
    {
        var body = await context.ReadBodyAsync();
        if (FindRunning(context, "error") is not { } invocation)
        {
            return;
        }

        var document = CheckError(context, body);
        _running.TryRemove(invocation.RequestId, out _);
        invocation.TryEnd(body, document?["errorType"]?.GetValue<string>() ?? "Runtime.Unknown");
        await AcceptAsync(context);
    }

    private async Task InitErrorAsync(HttpContext context)
    {
        InitError = CheckError(context, await context.ReadBodyAsync());
        await AcceptAsync(context);
    }

    private JsonNode? CheckError(HttpContext context, byte[] body)
    {
        var type = context.Request.Headers["Lambda-Runtime-Function-Error-Type"].ToString();
        if (!ErrorType().IsMatch(type))
        {
            Violations.Enqueue($"Lambda-Runtime-Function-Error-Type '{type}' would be recorded as Runtime.Unknown");
        }

        try
        {
            if (context.Request.Headers["Lambda-Runtime-Function-XRay-Error-Cause"].ToString() is { Length: > 0 } cause)
            {
                _ = JsonNode.Parse(cause)!["exceptions"]!.AsArray();
            }

            var document = JsonNode.Parse(body)!;
            _ = document["errorMessage"]!.GetValue<string>();
            _ = document["stackTrace"]!.AsArray();
            if (document["errorType"]!.GetValue<string>() != type)
            {
                Violations.Enqueue($"errorType is {document["errorType"]}, the header says {type}");
            }

            return document;
        }
        catch (Exception e) when (e is System.Text.Json.JsonException or NullReferenceException or InvalidOperationException)
        {
            Violations.Enqueue("an error document is not {errorType, errorMessage, stackTrace}: " + Encoding.UTF8.GetString(body));
            return null;
        }
    }

    /// <summary>The invocation of a result; null when the result was refused. An unknown request id is refused with 400.</summary>
    private PendingInvocation? FindRunning(HttpContext context, string kind)
    {
        if (_running.TryGetValue(context.Request.RouteValues["id"]!.ToString()!, out var invocation))
        {
            if (RefuseNextResultWith is { } status)
            {
                RefuseNextResultWith = null;
                _running.TryRemove(invocation.RequestId, out _);
                End(invocation, "Runtime.Refused", $"the {kind} was refused with {status}");
                context.Response.StatusCode = status;
                return null;
            }

            return invocation;
        }

        Violations.Enqueue($"POST {kind} for an invocation that is not running");
        context.Response.StatusCode = 400;
        return null;
    }

    private static Task AcceptAsync(HttpContext context)
    {
        context.Response.StatusCode = 202;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync("{\"status\":\"OK\"}\n");
    }

    private static Task RefuseAsync(HttpContext context, int status, string type, string message)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(new JsonObject { ["errorMessage"] = message, ["errorType"] = type }.ToJsonString());
    }

    [GeneratedRegex(@"^(Runtime|Function)\.[A-Z][a-zA-Z]+$")]
    private static partial Regex ErrorType();
}
