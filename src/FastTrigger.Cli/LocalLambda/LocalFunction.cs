using System.Collections.Concurrent;
using System.Diagnostics;

namespace FastTrigger.Cli.LocalLambda;

/// <summary>
/// A function and its execution environments. As in Lambda, an invocation takes the free environment that was used last, or starts a new
/// one. An environment that exited or was idle for too long is replaced. At the limit an invocation is throttled.
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

    public async Task<InvocationOutcome> InvokeAsync(byte[] payload, string? requestId = null, string? clientContext = null)
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
            var environment = TakeFree();
            var isCold = environment is null;
            if (environment is null)
            {
                environment = _prepared.TryTake(out var api)
                    ? ExecutionEnvironment.Start(api, settings, Logs)
                    : await ExecutionEnvironment.StartAsync(settings, Logs);
                _all.Add(environment);
            }

            if (!await environment.WaitForInitAsync())
            {
                return environment.InitOutcome(requestId);
            }

            var outcome = await environment.InvokeAsync(new(payload) { RequestId = requestId, ClientContext = clientContext });
            _free.Push((environment, Stopwatch.GetTimestamp()));
            return outcome with { Init = isCold ? environment.InitDuration : null };
        }
        finally
        {
            Interlocked.Decrement(ref _busy);
        }
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

    private ExecutionEnvironment? TakeFree()
    {
        while (_free.TryPop(out var free))
        {
            if (!free.Environment.HasExited && Stopwatch.GetElapsedTime(free.Since) < IdleLifetime)
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
