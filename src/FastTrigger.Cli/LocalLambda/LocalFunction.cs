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
    private readonly long _created = Stopwatch.GetTimestamp();
    private int _busy, _maxBusy, _throttledAtLimit, _throttledByScaling;

    public FunctionSettings Settings => settings;

    public ConcurrentQueue<string> Logs { get; } = new();

    /// <summary>What the terminal shows besides the log: standard error, and what became of events and environments.</summary>
    public ConcurrentQueue<string> Notes { get; } = new();

    public IReadOnlyCollection<ExecutionEnvironment> Environments => _all;

    /// <summary>The number of current invocations.</summary>
    public int Busy => Volatile.Read(ref _busy);

    /// <summary>The largest number of invocations at the same time.</summary>
    public int MaxBusy => Volatile.Read(ref _maxBusy);

    /// <summary>The maximum number of concurrent invocations. The default is Lambda's for an account.</summary>
    public int Concurrency { get; init; } = 1_000;

    /// <summary>How many environments may be started at once, and how many more each second; null for any number.</summary>
    public TokenBucket? Scaling { get; init; }

    /// <summary>The invocations that found all environments busy and their number at the limit.</summary>
    public int ThrottledAtLimit => _throttledAtLimit;

    /// <summary>The invocations that needed an environment while too many had just been started.</summary>
    public int ThrottledByScaling => _throttledByScaling;

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

    /// <summary>Starts environments before the first event.</summary>
    /// <param name="isProvisioned">Whether they are provisioned concurrency, which is never stopped.</param>
    public async Task StartAheadAsync(int environments, bool isProvisioned)
    {
        var type = isProvisioned ? "provisioned-concurrency" : "on-demand";
        var ahead = settings with
        {
            Environment = new Dictionary<string, string>(settings.Environment) { ["AWS_LAMBDA_INITIALIZATION_TYPE"] = type },
        };
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount };
        await Parallel.ForAsync(0, environments, parallel, async (_, _) =>
        {
            var environment = await StartAsync(ahead);
            environment.IsProvisioned = isProvisioned;
            if (await environment.WaitForInitAsync())
            {
                Release(environment);
            }
            else
            {
                await ReportEndAsync(environment, "");
            }
        });
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
        var busy = Interlocked.Increment(ref _busy);
        if (busy > Concurrency)
        {
            Interlocked.Decrement(ref _busy);
            Interlocked.Increment(ref _throttledAtLimit);
            return InvocationOutcome.ThrottledFor(requestId);
        }

        for (var known = _maxBusy; busy > known; known = _maxBusy)
        {
            Interlocked.CompareExchange(ref _maxBusy, busy, known);
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

            if (Scaling?.TryTake(Stopwatch.GetElapsedTime(_created)) == false)
            {
                Interlocked.Increment(ref _throttledByScaling);
                return InvocationOutcome.ThrottledFor(requestId);
            }

            var environment = await StartAsync(settings);
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

    private async Task<ExecutionEnvironment> StartAsync(FunctionSettings settings)
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
            var isIdle = !free.Environment.IsProvisioned && Stopwatch.GetElapsedTime(free.Since) >= IdleLifetime;
            if (!free.Environment.IsEnding && !isIdle)
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
