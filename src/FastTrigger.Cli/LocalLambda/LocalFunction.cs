using System.Collections.Concurrent;

namespace FastTrigger.Cli.LocalLambda;

/// <summary>A function and its environments: one is started when none is free, and one that ended is replaced, as Lambda does.</summary>
internal sealed class LocalFunction(FunctionSettings settings) : IAsyncDisposable
{
    private readonly ConcurrentBag<ExecutionEnvironment> _free = [];
    private readonly ConcurrentBag<ExecutionEnvironment> _all = [];

    public FunctionSettings Settings => settings;

    public ConcurrentQueue<string> Logs { get; } = new();

    public IReadOnlyCollection<ExecutionEnvironment> Environments => _all;

    /// <summary>Sees each event before the function does.</summary>
    public Action<byte[]>? Delivering { get; init; }

    public async Task<InvocationOutcome> InvokeAsync(byte[] payload, string? requestId = null, string? clientContext = null)
    {
        Delivering?.Invoke(payload);
        ExecutionEnvironment? environment;
        while (_free.TryTake(out environment) && environment.HasExited)
        {
        }

        if (environment is null)
        {
            environment = await ExecutionEnvironment.StartAsync(settings, Logs);
            _all.Add(environment);
        }

        if (!await environment.WaitForInitAsync())
        {
            return environment.InitOutcome(requestId ?? Guid.NewGuid().ToString());
        }

        var outcome = await environment.InvokeAsync(new(payload) { RequestId = requestId ?? Guid.NewGuid().ToString(), ClientContext = clientContext });
        _free.Add(environment);
        return outcome;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var environment in _all)
        {
            await environment.DisposeAsync();
        }
    }
}
