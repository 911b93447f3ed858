using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace FastTrigger.Cli.LocalLambda;

/// <summary>
/// A function and its execution environments. As in Lambda, an invocation takes the free environment that was used last, or starts a new
/// one. An environment that timed out, was killed, exited or was idle for too long gets no further event, and is replaced. At the limit an
/// invocation is throttled.
/// </summary>
internal sealed class LocalFunction(FunctionSettings settings) : IAsyncDisposable
{
    private readonly ConcurrentStack<(ExecutionEnvironment Environment, long Since)> _free = [];
    private readonly ConcurrentBag<ExecutionEnvironment> _all = [];
    private readonly ConcurrentBag<RuntimeApiServer> _prepared = [];
    private readonly ConcurrentBag<Task> _discarded = [];
    private int _busy;

    public FunctionSettings Settings => settings;

    public ConcurrentQueue<string> Logs { get; } = new();

    /// <summary>What the terminal shows besides the log: standard error, and what became of events and environments.</summary>
    public ConcurrentQueue<string> Notes { get; } = new();

    public IReadOnlyCollection<ExecutionEnvironment> Environments => _all;

    /// <summary>The number of current invocations.</summary>
    public int Busy => Volatile.Read(ref _busy);

    /// <summary>The maximum number of concurrent invocations. The default is Lambda's for an account.</summary>
    public int Concurrency { get; init; } = 1_000;

    /// <summary>The time without an event after which an environment is stopped.</summary>
    public TimeSpan IdleLifetime { get; init; } = TimeSpan.MaxValue;

    /// <summary>Receives each event before the function does.</summary>
    public Action<byte[]>? Delivering { get; init; }

    /// <summary>Creates the Runtime APIs of that many environments, so that a start measures only the process.</summary>
    public async Task PrepareAsync(int environments)
    {
        for (var i = 0; i < environments; i++)
        {
            _prepared.Add(await RuntimeApiServer.StartAsync(settings));
        }
    }

    /// <param name="invokedArn">The ARN that the caller named; null for the function's own.</param>
    public async Task<InvocationOutcome> InvokeAsync(
        byte[] payload,
        string? requestId = null,
        string? clientContext = null,
        string? invokedArn = null)
    {
        requestId ??= Guid.NewGuid().ToString();
        Delivering?.Invoke(payload);
        if (Interlocked.Increment(ref _busy) > Concurrency)
        {
            Interlocked.Decrement(ref _busy);
            return new(requestId, [], InvocationOutcome.Throttled, TimeSpan.Zero);
        }

        try
        {
            while (TakeFree() is { } free)
            {
                var warm = await free.InvokeAsync(Invocation());
                Release(free);
                if (warm is not null)
                {
                    return warm;
                }
            }

            var environment = await StartAsync();
            var cold = await environment.WaitForInitAsync() ? await environment.InvokeAsync(Invocation()) : null;
            var outcome = cold is null ? await ReportEndAsync(environment, requestId) : cold with { Init = environment.InitDuration };
            Release(environment);
            return outcome;
        }
        catch (Win32Exception e)
        {
            var error = $"fork/exec {settings.Bootstrap}: {e.Message}";
            Notes.Enqueue(error);
            return InvocationOutcome.Error(requestId, "Runtime.InvalidEntrypoint", error);
        }
        finally
        {
            Interlocked.Decrement(ref _busy);
        }

        PendingInvocation Invocation() => new(payload) { RequestId = requestId, ClientContext = clientContext, InvokedArn = invokedArn };
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var environment in _all)
        {
            await environment.DisposeAsync();
        }

        await Task.WhenAll(_discarded);
        foreach (var server in _prepared)
        {
            await server.DisposeAsync();
        }
    }

    private async Task<ExecutionEnvironment> StartAsync()
    {
        var api = _prepared.TryTake(out var prepared) ? prepared : await RuntimeApiServer.StartAsync(settings);
        try
        {
            var environment = ExecutionEnvironment.Start(api, settings, Logs, Notes.Enqueue);
            _all.Add(environment);
            return environment;
        }
        catch (Win32Exception)
        {
            _prepared.Add(api);
            throw;
        }
    }

    /// <summary>Reports an environment that ended before it took its first event.</summary>
    private async Task<InvocationOutcome> ReportEndAsync(ExecutionEnvironment environment, string requestId)
    {
        await environment.WaitForExitAsync();
        var outcome = environment.InitOutcome(requestId);
        Notes.Enqueue($"{settings.Bootstrap} did not start: {Encoding.UTF8.GetString(outcome.Payload)}");
        return outcome;
    }

    /// <summary>Lets the next invocation have the environment, unless it ends.</summary>
    private void Release(ExecutionEnvironment environment)
    {
        if (environment.IsEnding)
        {
            _discarded.Add(ReplaceAsync(environment));
        }
        else
        {
            _free.Push((environment, Stopwatch.GetTimestamp()));
        }
    }

    private ExecutionEnvironment? TakeFree()
    {
        while (_free.TryPop(out var free))
        {
            if (!free.Environment.IsEnding && Stopwatch.GetElapsedTime(free.Since) < IdleLifetime)
            {
                return free.Environment;
            }

            // The environments below it on the stack were idle even longer.
            _discarded.Add(ReplaceAsync(free.Environment));
        }

        return null;
    }

    private async Task ReplaceAsync(ExecutionEnvironment environment)
    {
        // The invocation does not wait until the old environment has stopped.
        await Task.Yield();
        await environment.DisposeAsync();
        _prepared.Add(await RuntimeApiServer.StartAsync(settings));
    }
}
