using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace FastTrigger.Cli.LocalLambda;

/// <summary>
/// One execution environment: the bootstrap as a child process, and its Runtime API. It gives an event only to a runtime that is not about
/// to end: an event that was not delivered is returned, and another environment gets it.
/// </summary>
internal sealed class ExecutionEnvironment : IAsyncDisposable
{
    /// <summary>The output of an ended process that is waited for. A child that it left behind may keep the pipes open.</summary>
    private static readonly TimeSpan s_maxOutputWait = TimeSpan.FromSeconds(1);

    private const int MaxShownErrorLines = 20;

    private readonly RuntimeApiServer _api;
    private readonly Process _process;
    private readonly FunctionSettings _settings;
    private readonly long _started;
    private readonly Task _watched;
    private readonly TaskCompletionSource _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isEnding;
    private bool _initTimedOut;
    private int _disposed;

    private ExecutionEnvironment(
        RuntimeApiServer api,
        FunctionSettings settings,
        ConcurrentQueue<string> logs,
        Action<string>? reportError)
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

        start.Environment["AWS_LAMBDA_RUNTIME_API"] = settings.RuntimeApi(api.Address);
        _started = Stopwatch.GetTimestamp();
        _process = Process.Start(start) ?? throw new InvalidOperationException($"{settings.Bootstrap} did not start");
        _process.StandardInput.Close();
        _api.IsRuntimeEnding = () => _isEnding || ProcessState.IsEnding(_process.Id);
        var output = PumpAsync(_process.StandardOutput, logs.Enqueue);
        var error = PumpAsync(_process.StandardError, line =>
        {
            StandardError.Enqueue(line);
            reportError?.Invoke(line);
        });
        _watched = WatchAsync(output, error);
    }

    public RuntimeApiServer Api => _api;

    public ConcurrentQueue<string> StandardError { get; } = new();

    /// <summary>Whether it belongs to provisioned concurrency, which is not stopped when it is idle.</summary>
    public bool IsProvisioned { get; set; }

    public bool HasExited => _exited.Task.IsCompleted;

    /// <summary>Whether it must not get another event: it timed out, was killed, or has exited.</summary>
    public bool IsEnding => _isEnding || HasExited;

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
    /// <param name="reportError">Receives each line of standard error.</param>
    /// <exception cref="Win32Exception">The bootstrap cannot be executed.</exception>
    public static ExecutionEnvironment Start(
        RuntimeApiServer api,
        FunctionSettings settings,
        ConcurrentQueue<string> logs,
        Action<string>? reportError = null) =>
        new(api, settings, logs, reportError);

    /// <summary>Waits for the first GET next. False when the runtime exited before, or took too long.</summary>
    public async Task<bool> WaitForInitAsync()
    {
        if (_api.FirstNext.Task.IsCompletedSuccessfully)
        {
            return true;
        }

        // When a start takes too long, Lambda repeats it with the time of the invocation.
        var limit = Task.Delay(_settings.InitTimeout + _settings.Timeout);
        if (await Task.WhenAny(_api.FirstNext.Task, _watched, limit) == limit)
        {
            _initTimedOut = true;
            Kill();
            await _watched;
        }

        return _api.FirstNext.Task.IsCompletedSuccessfully;
    }

    /// <summary>The outcome of an invocation in an environment that did not start, with what the runtime wrote to standard error.</summary>
    public InvocationOutcome InitOutcome(string requestId)
    {
        if (InitError is { } error)
        {
            var errorType = error["errorType"]?.GetValue<string>() ?? "Runtime.Unknown";
            return new(requestId, Encoding.UTF8.GetBytes(error.ToJsonString()), errorType, TimeSpan.Zero);
        }

        var lines = StandardError.ToArray();
        var shown = string.Join('\n', lines[Math.Max(0, lines.Length - MaxShownErrorLines)..]);
        var written = shown.Length > 0 ? $"; its standard error: {shown}" : ", with nothing on standard error";
        return _initTimedOut
            ? InvocationOutcome.Error(requestId, "Sandbox.Timedout", $"{TimeoutMessage}: the runtime did not ask for an event{written}")
            : InvocationOutcome.Error(requestId, "Runtime.ExitError", ExitMessage + written);
    }

    /// <summary>The outcome of the invocation; null when the environment ended before its runtime took the event.</summary>
    public async Task<InvocationOutcome?> InvokeAsync(PendingInvocation invocation)
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
            _isEnding = true;
            // The invocation may be between the queue and the function, where FailRemaining does not see it.
            RuntimeApiServer.End(invocation, "Sandbox.Timedout", TimeoutMessage);
            Kill();
        }

        var outcome = await invocation.Completion.Task;
        if (PendingInvocation.IsReturned(outcome))
        {
            _isEnding = true;
            return null;
        }

        // As in Lambda, it is not complete before the runtime asks for the next one: its log comes in between.
        if (await Task.WhenAny(_api.Asking, _exited.Task, timeout) == timeout)
        {
            Kill();
        }

        return outcome;
    }

    /// <summary>Waits until the process has exited and its output is read.</summary>
    public Task WaitForExitAsync() => _watched;

    /// <summary>Kills the runtime and its children. From now on it gets no event.</summary>
    public void Kill()
    {
        _isEnding = true;
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or AggregateException or Win32Exception)
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
        _isEnding = true;
        _exited.SetResult();
        FailRemaining();
        await Task.WhenAny(Task.WhenAll(output, error), Task.Delay(s_maxOutputWait));
    }

    private string TimeoutMessage =>
        string.Create(CultureInfo.InvariantCulture, $"Task timed out after {_settings.Timeout.TotalSeconds:0.00} seconds");

    private string ExitMessage => $"Runtime exited with error: exit status {ExitCode}";

    private void FailRemaining() => _api.Fail("Runtime.ExitError", ExitMessage);
}
