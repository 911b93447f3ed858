using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;

namespace FastTrigger.Cli.LocalLambda;

/// <summary>One execution environment: the bootstrap as a child process, and the Runtime API it sees.</summary>
internal sealed class ExecutionEnvironment : IAsyncDisposable
{
    private readonly RuntimeApiServer _api;
    private readonly Process _process;
    private readonly FunctionSettings _settings;
    private readonly long _started;
    private readonly Task _watched;

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
        SetEnvironment(start, api.Address, settings);
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

    /// <summary>From exec to the first GET /next; null when it never came to that.</summary>
    public TimeSpan? InitDuration => _api.FirstNext.Task.IsCompletedSuccessfully ? Stopwatch.GetElapsedTime(_started, _api.FirstNext.Task.Result) : null;

    public JsonNode? InitError => _api.InitError;

    public static async Task<ExecutionEnvironment> StartAsync(FunctionSettings settings, ConcurrentQueue<string> logs, string pathPrefix = "") =>
        new(await RuntimeApiServer.StartAsync(settings, pathPrefix), settings, logs);

    /// <summary>True when the runtime asked for an invocation; false when it ended before.</summary>
    public async Task<bool> WaitForInitAsync() => await Task.WhenAny(_api.FirstNext.Task, _watched) == _api.FirstNext.Task;

    /// <summary>What every invocation gets of an environment that did not start.</summary>
    public InvocationOutcome InitOutcome(string requestId)
    {
        var error = InitError ?? new JsonObject { ["errorType"] = "Runtime.ExitError", ["errorMessage"] = $"Runtime exited with error: exit status {ExitCode}" };
        return new(requestId, Encoding.UTF8.GetBytes(error.ToJsonString()), error["errorType"]?.GetValue<string>() ?? "Runtime.Unknown", TimeSpan.Zero);
    }

    public async Task<InvocationOutcome> InvokeAsync(PendingInvocation invocation)
    {
        _api.Enqueue(invocation);
        if (HasExited)
        {
            FailRemaining();
        }

        // Lambda stops an environment whose invocation does not end in time.
        if (await Task.WhenAny(invocation.Completion.Task, Task.Delay(_settings.Timeout + TimeSpan.FromMilliseconds(20))) != invocation.Completion.Task)
        {
            _api.Fail("Sandbox.Timedout", $"Task timed out after {_settings.Timeout.TotalSeconds:0.00} seconds");
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
            // It has ended by itself.
        }
    }

    public async ValueTask DisposeAsync()
    {
        Kill();
        await _watched;
        _process.Dispose();
        await _api.DisposeAsync();
    }

    private static void SetEnvironment(ProcessStartInfo start, string api, FunctionSettings settings)
    {
        var environment = start.Environment;
        environment.Clear();
        environment["PATH"] = "/usr/local/bin:/usr/bin:/bin";
        environment["LANG"] = "en_US.UTF-8";
        environment["TZ"] = ":UTC";
        environment["AWS_LAMBDA_RUNTIME_API"] = api;
        environment["AWS_LAMBDA_FUNCTION_NAME"] = settings.Name;
        environment["AWS_LAMBDA_FUNCTION_VERSION"] = "$LATEST";
        environment["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] = settings.MemoryMegabytes.ToString(provider: null);
        environment["AWS_LAMBDA_INITIALIZATION_TYPE"] = "on-demand";
        environment["AWS_LAMBDA_LOG_GROUP_NAME"] = $"/aws/lambda/{settings.Name}";
        environment["AWS_LAMBDA_LOG_STREAM_NAME"] = $"local/{Guid.NewGuid():n}";
        environment["AWS_REGION"] = environment["AWS_DEFAULT_REGION"] = settings.Region;
        environment["LAMBDA_TASK_ROOT"] = Path.GetDirectoryName(Path.GetFullPath(settings.Bootstrap));
        environment["_HANDLER"] = "bootstrap";
        if (settings.MaxConcurrency > 1)
        {
            environment["AWS_LAMBDA_MAX_CONCURRENCY"] = settings.MaxConcurrency.ToString(provider: null);
        }

        foreach (var (name, value) in settings.Environment)
        {
            if (value.Length > 0)
            {
                environment[name] = value;
            }
            else
            {
                environment.Remove(name);
            }
        }
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
