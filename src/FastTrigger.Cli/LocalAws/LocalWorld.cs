using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace FastTrigger.Cli.LocalAws;

/// <summary>Everything that the local AWS knows, in memory and in a temporary directory that goes with it.</summary>
internal sealed partial class LocalWorld : IDisposable
{
    private readonly List<Fault> _faults = [];
    private readonly ConcurrentQueue<AwsCall> _calls = new();
    private readonly List<Task> _running = [];
    private readonly CancellationTokenSource _end = new();

    public LocalWorld(WorldFile file, string region, string account)
    {
        Region = region;
        Account = account;
        Directory = System.IO.Directory.CreateTempSubdirectory("fasttrigger-").FullName;
        foreach (var instance in file.Instances)
        {
            Add(instance);
        }

        foreach (var site in file.Sites)
        {
            Sites[site.Path] = site;
        }

        _faults.AddRange(file.Faults);
    }

    public string Region { get; }

    public string Account { get; }

    public string Directory { get; }

    /// <summary>How many entries a page of a Describe or List operation has; small in tests.</summary>
    public int PageSize { get; set; } = 1_000;

    /// <summary>How far this AWS's clock is ahead of the machine's.</summary>
    public TimeSpan ClockOffset { get; set; }

    public DateTimeOffset Now => DateTimeOffset.UtcNow + ClockOffset;

    public ConcurrentDictionary<string, LocalInstance> Instances { get; } = new();

    /// <summary>Everything that can have tags, by id.</summary>
    public ConcurrentDictionary<string, ConcurrentDictionary<string, string>> Resources { get; } = new();

    public ConcurrentDictionary<string, WorldSite> Sites { get; } = new();

    public ConcurrentDictionary<string, LocalCommand> Commands { get; } = new();

    /// <summary>Resources that EC2 does not know until a moment.</summary>
    public ConcurrentDictionary<string, DateTimeOffset> UnknownUntil { get; } = new();

    public IReadOnlyCollection<AwsCall> Calls => _calls;

    public static WorldFile Load(string path)
    {
        using var stream = File.OpenRead(path);
        return System.Text.Json.JsonSerializer.Deserialize(stream, WorldJson.Default.WorldFile) ?? new();
    }

    public void Record(AwsCall call) => _calls.Enqueue(call);

    public void ForgetCalls() => _calls.Clear();

    public void Add(WorldInstance instance)
    {
        Instances[instance.Id] = new(instance, Directory);
        Resources[instance.Id] = new(instance.Tags);
    }

    /// <summary>Makes what an event names exist: instances run, network interfaces can be tagged.</summary>
    public void AddNamedIn(string eventText)
    {
        foreach (Match match in ResourceIds().Matches(eventText))
        {
            if (match.Value.StartsWith("eni-", StringComparison.Ordinal))
            {
                Resources.TryAdd(match.Value, new());
            }
            else if (!Instances.ContainsKey(match.Value))
            {
                Add(new WorldInstance { Id = match.Value });
            }
        }
    }

    public void Add(Fault fault)
    {
        lock (_faults)
        {
            _faults.Add(fault);
        }
    }

    /// <summary>The fault that befalls this call, if any; it is used up by it.</summary>
    public Fault? TakeFault(string operation)
    {
        lock (_faults)
        {
            var at = _faults.FindIndex(fault => fault.Operation is null || fault.Operation == operation);
            if (at < 0)
            {
                return null;
            }

            var fault = _faults[at];
            if (fault.Times > 1)
            {
                _faults[at] = fault with { Times = fault.Times - 1 };
            }
            else
            {
                _faults.RemoveAt(at);
            }

            return fault;
        }
    }

    /// <summary>Keeps a command's work, so that it can be waited for and is ended with the world.</summary>
    public void Run(Func<CancellationToken, Task> work)
    {
        lock (_running)
        {
            _running.Add(Task.Run(() => work(_end.Token)));
        }
    }

    /// <summary>Until every command that was sent has ended.</summary>
    public async Task SettleAsync()
    {
        Task[] running;
        lock (_running)
        {
            running = [.. _running];
        }

        await Task.WhenAll(running);
    }

    public void Dispose()
    {
        _end.Cancel();
        try
        {
            SettleAsync().Wait(TimeSpan.FromSeconds(10));
        }
        catch (AggregateException)
        {
            // What was cancelled has no more to tell.
        }

        _end.Dispose();
        System.IO.Directory.Delete(Directory, recursive: true);
    }

    [GeneratedRegex(@"\b(i|eni)-(?:[0-9a-f]{17}|[0-9a-f]{8})\b")]
    private static partial Regex ResourceIds();
}
