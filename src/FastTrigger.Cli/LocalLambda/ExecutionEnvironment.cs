using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;

namespace FastTrigger.Cli.LocalLambda;

/// <summary>One execution environment: the bootstrap as a child process, and its Runtime API.</summary>
internal sealed class ExecutionEnvironment : IAsyncDisposable
{
    private readonly RuntimeApiServer _api;
    private readonly Process _process;
    private readonly FunctionSettings _settings;
    private readonly long _started;
    private readonly Task _watched;
    private int _disposed;

    private ExecutionEnvironment(RuntimeApiServer api, FunctionSettings settings, ConcurrentQueue<string> logs)
    {
        _api = api;
        _settings = settings;
        var start = new ProcessStartInfo(settings.Bootstrap)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetDirectoryName(Path.GetFullPath(settings.Bootstrap)),
        };
        start.Environment.Clear();
        foreach (var (name, value) in settings.ProcessEnvironment())
        {
            start.Environment[name] = value;
        }

        start.Environment["AWS_LAMBDA_RUNTIME_API"] = api.Address;
        _started = Stopwatch.GetTimestamp();
        _process = Process.Start(start) ?? throw new InvalidOperationException($"{settings.Bootstrap} did not start");
        _process.StandardInput.Close();
        var output = PumpAsync(_process.StandardOutput, logs.Enqueue);
        var error = PumpAsync(_process.StandardError, StandardError.Enqueue);
        _watched = WatchAsync(output, error);
    }

    public RuntimeApiServer Api => _api;

    public ConcurrentQueue<string> StandardError { get; } = new();

    public bool HasExited => _watched.IsCompleted;

    public int ExitCode => _process.ExitCode;

    public int ProcessId => _process.Id;

    /// <summary>The time from exec to the first GET /next; null when the runtime never sent it.</summary>
    public TimeSpan? InitDuration
    {
        get
        {
            var next = _api.FirstNext.Task;
            return next.IsCompletedSuccessfully ? Stopwatch.GetElapsedTime(_started, next.Result) : null;
        }
    }

    public JsonNode? InitError => _api.InitError;

    public static async Task<ExecutionEnvironment> StartAsync(
        FunctionSettings settings,
        ConcurrentQueue<string> logs,
        string pathPrefix = "") =>
        Start(await RuntimeApiServer.StartAsync(settings, pathPrefix), settings, logs);

    /// <summary>Starts an environment with a prepared Runtime API.</summary>
    public static ExecutionEnvironment Start(RuntimeApiServer api, FunctionSettings settings, ConcurrentQueue<string> logs) =>
        new(api, settings, logs);

    /// <summary>Waits for the first GET next. False when the runtime exited before.</summary>
    public async Task<bool> WaitForInitAsync() => await Task.WhenAny(_api.FirstNext.Task, _watched) == _api.FirstNext.Task;

    /// <summary>The outcome of an invocation in an environment that did not start.</summary>
    public InvocationOutcome InitOutcome(string requestId)
    {
        var error = InitError ?? new JsonObject
        {
            ["errorType"] = "Runtime.ExitError",
            ["errorMessage"] = $"Runtime exited with error: exit status {ExitCode}",
        };
        var errorType = error["errorType"]?.GetValue<string>() ?? "Runtime.Unknown";
        return new(requestId, Encoding.UTF8.GetBytes(error.ToJsonString()), errorType, TimeSpan.Zero);
    }

    public async Task<InvocationOutcome> InvokeAsync(PendingInvocation invocation)
    {
        _api.Enqueue(invocation);
        if (HasExited)
        {
            FailRemaining();
        }

        // Lambda stops an environment whose invocation times out.
        var timeout = Task.Delay(_settings.Timeout + TimeSpan.FromMilliseconds(20));
        if (await Task.WhenAny(invocation.Completion.Task, timeout) == timeout)
        {
            // The invocation may be between the queue and the function, where FailRemaining does not see it.
            RuntimeApiServer.End(invocation, "Sandbox.Timedout", $"Task timed out after {_settings.Timeout.TotalSeconds:0.00} seconds");
            Kill();
        }

        return await invocation.Completion.Task;
    }

    public Task WaitForExitAsync() => _watched;

    public void Kill()
    {
        try
        {
            _process.Kill();
        }
        catch (InvalidOperationException)
        {
            // The process has exited already.
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        Kill();
        await _watched;
        _process.Dispose();
        await _api.DisposeAsync();
    }

    private static async Task PumpAsync(StreamReader reader, Action<string> take)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            take(line);
        }
    }

    private async Task WatchAsync(Task output, Task error)
    {
        await _process.WaitForExitAsync();
        await Task.WhenAll(output, error);
        FailRemaining();
    }

    private void FailRemaining() => _api.Fail("Runtime.ExitError", $"Runtime exited with error: exit status {_process.ExitCode}");
}
