using System.Collections.Concurrent;
using System.Diagnostics;

namespace FastTrigger.Cli.LocalLambda;

/// <summary>
/// A function and its environments, as Lambda has them: one is started when none is free, the one that was used last is used next, one
/// that ended or was idle for too long is replaced, and at the limit an invocation is throttled.
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

    /// <summary>How many invocations are worked on now.</summary>
    public int Busy => Volatile.Read(ref _busy);

    /// <summary>How many may be at a time: Lambda's default for an account.</summary>
    public int Concurrency { get; init; } = 1_000;

    /// <summary>After how long without an event an environment is given up.</summary>
    public TimeSpan IdleLifetime { get; init; } = TimeSpan.MaxValue;

    /// <summary>Sees each event before the function does.</summary>
    public Action<byte[]>? Delivering { get; init; }

    /// <summary>Makes the local ends of that many environments, so that starting one is starting its process and nothing else.</summary>
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
                environment = _prepared.TryTake(out var api) ? ExecutionEnvironment.Start(api, settings, Logs) : await ExecutionEnvironment.StartAsync(settings, Logs);
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

            // Those below it were idle for longer still.
            _discarded.Add(ReplaceAsync(free.Environment));
        }

        return null;
    }

    private async Task ReplaceAsync(ExecutionEnvironment environment)
    {
        // Nobody waits for the end of an old environment.
        await Task.Yield();
        await environment.DisposeAsync();
        _prepared.Add(await RuntimeApiServer.StartAsync(settings));
    }
}
