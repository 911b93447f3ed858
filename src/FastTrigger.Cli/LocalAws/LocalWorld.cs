using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace FastTrigger.Cli.LocalAws;

/// <summary>The state of the local AWS, in memory and in a directory, which is temporary unless a state folder is named.</summary>
internal sealed class LocalWorld : IDisposable
{
    /// <summary>Ids of resources: a prefix with 17 or 8 hexadecimal digits or a UUID.</summary>
    private static readonly Regex s_ids = new(
        $@"\b({string.Join('|', ResourceTypes.Prefixes)})"
        + "(?:[0-9a-f]{17}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{8})\\b",
        RegexOptions.CultureInvariant);

    private readonly List<Fault> _faults = [];
    private readonly ConcurrentQueue<AwsCall> _calls = new();
    private readonly List<Task> _running = [];
    private readonly CancellationTokenSource _end = new();
    private readonly bool _isKept;

    /// <param name="state">The folder that keeps the servers' disks and the tables; null for a temporary folder.</param>
    public LocalWorld(WorldFile file, string region, string account, string? state = null)
    {
        Region = region;
        Account = account;
        _isKept = state is not null;
        Directory = state is null
            ? System.IO.Directory.CreateTempSubdirectory("fasttrigger-").FullName
            : System.IO.Directory.CreateDirectory(state).FullName;
        foreach (var instance in file.Instances)
        {
            Add(instance);
        }

        foreach (var site in file.Sites)
        {
            Sites[site.Path] = site;
        }

        Roles = file.Roles;
        Groups = file.Groups;
        Documents = file.Documents;
        Parameters = new(file.Parameters);
        foreach (var table in file.Tables)
        {
            Tables[table] = new();
        }

        foreach (var (name, bodies) in file.Queues)
        {
            Queues[name] = [.. bodies.Select(body => new LocalMessage(body, []))];
        }

        LoadTables();
        _faults.AddRange(file.Faults);
    }

    public string Region { get; }

    public string Account { get; }

    public string Directory { get; }

    public IReadOnlyList<WorldRole> Roles { get; }

    public IReadOnlyList<WorldGroup> Groups { get; }

    public IReadOnlyList<WorldDocument> Documents { get; }

    public ConcurrentDictionary<string, string> Parameters { get; }

    /// <summary>Whether a call or script may take text out of this machine. Then no parameter is given to any.</summary>
    public bool LetsTextOut { get; init; }

    /// <summary>The DynamoDB tables: items by their id.</summary>
    public ConcurrentDictionary<string, ConcurrentDictionary<string, JsonObject>> Tables { get; } = new();

    /// <summary>The SQS queues by name.</summary>
    public ConcurrentDictionary<string, List<LocalMessage>> Queues { get; } = new();

    /// <summary>The automations by client token.</summary>
    public ConcurrentDictionary<string, LocalAutomation> Automations { get; } = new();

    /// <summary>The sessions that STS created, by access key.</summary>
    public ConcurrentDictionary<string, LocalSession> Sessions { get; } = new();

    /// <summary>The requests that the local website received.</summary>
    public ConcurrentQueue<SiteRequest> SiteRequests { get; } = new();

    /// <summary>The commands that were interrupted while they ran.</summary>
    public ConcurrentBag<(string InstanceId, string Script)> InterruptedCommands { get; } = [];

    /// <summary>Where scripts run.</summary>
    public ScriptShell Shell { get; init; }

    /// <summary>How many calls each operation takes; null for any number.</summary>
    public CallLimits? Limits { get; set; }

    /// <summary>The time after which ListCommands shows a new command.</summary>
    public int ShownAfterMs { get; set; }

    /// <summary>The page size of the Describe and List operations.</summary>
    public int PageSize { get; set; } = 1_000;

    /// <summary>The time by which AWS's clock is ahead of the machine's.</summary>
    public TimeSpan ClockOffset { get; set; }

    public DateTimeOffset Now => DateTimeOffset.UtcNow + ClockOffset;

    public ConcurrentDictionary<string, LocalInstance> Instances { get; } = new();

    /// <summary>The tags of every taggable resource, by resource id.</summary>
    public ConcurrentDictionary<string, ConcurrentDictionary<string, string>> Resources { get; } = new();

    public ConcurrentDictionary<string, WorldSite> Sites { get; } = new();

    public ConcurrentDictionary<string, LocalCommand> Commands { get; } = new();

    /// <summary>The resources that EC2 does not know yet, with the time at which it will.</summary>
    public ConcurrentDictionary<string, DateTimeOffset> UnknownUntil { get; } = new();

    public IReadOnlyCollection<AwsCall> Calls => _calls;

    public void Record(AwsCall call) => _calls.Enqueue(call);

    public void ForgetCalls() => _calls.Clear();

    public void Add(WorldInstance instance)
    {
        var added = Instances[instance.Id] = new(instance, Directory, Now);
        Resources[instance.Id] = new(instance.Tags);
        foreach (var volume in added.Volumes)
        {
            Resources.TryAdd(volume, new());
        }
    }

    /// <summary>Creates the resources that an event names: running instances, and other taggable resources.</summary>
    public void AddNamedIn(string eventText)
    {
        foreach (Match match in s_ids.Matches(eventText))
        {
            if (!match.Value.StartsWith("i-", StringComparison.Ordinal))
            {
                Resources.TryAdd(match.Value, new());
            }
            else if (!Instances.ContainsKey(match.Value))
            {
                Add(new WorldInstance { Id = match.Value });
            }
        }
    }

    /// <summary>Adds a message to a queue, which is created when it does not exist.</summary>
    public void Enqueue(string queue, string body, JsonObject attributes)
    {
        var messages = Queues.GetOrAdd(queue, static _ => []);
        lock (Queues)
        {
            messages.Add(new(body, attributes));
        }
    }

    public void Add(Fault fault)
    {
        lock (_faults)
        {
            _faults.Add(fault);
        }
    }

    public void ForgetFaults()
    {
        lock (_faults)
        {
            _faults.Clear();
        }
    }

    /// <summary>Interrupts a random running command, as a server that goes down does; false when none runs.</summary>
    public bool InterruptCommand(Random random)
    {
        var running = Commands.Values
            .SelectMany(command => command.Invocations)
            .Where(invocation => invocation.Kill is not null)
            .ToArray();
        if (running.Length == 0)
        {
            return false;
        }

        var chosen = running[random.Next(running.Length)];
        InterruptedCommands.Add((chosen.InstanceId, chosen.Script));
        chosen.Kill?.Invoke();
        return true;
    }

    /// <summary>Takes the next fault of an operation; null when there is none. Each call uses up one.</summary>
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

    /// <summary>Starts a command's work. <see cref="SettleAsync"/> waits for it, and it ends with the world.</summary>
    public void Run(Func<CancellationToken, Task> work)
    {
        lock (_running)
        {
            _running.Add(Task.Run(() => work(_end.Token)));
        }
    }

    /// <summary>Waits until every sent command has ended.</summary>
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
            // A cancelled command has no result.
        }

        _end.Dispose();
        if (_isKept)
        {
            SaveTables();
        }
        else
        {
            System.IO.Directory.Delete(Directory, recursive: true);
        }
    }

    private string TablesFile => Path.Combine(Directory, "tables.json");

    private void SaveTables()
    {
        var document = new JsonObject();
        foreach (var (name, items) in Tables)
        {
            document[name] = new JsonObject(items.Select(item => KeyValuePair.Create(item.Key, (JsonNode?)item.Value.DeepClone())));
        }

        File.WriteAllText(TablesFile, document.ToJsonString());
    }

    /// <summary>Loads the tables, such as the act-once table, from the state folder.</summary>
    private void LoadTables()
    {
        if (!_isKept || !File.Exists(TablesFile))
        {
            return;
        }

        foreach (var (name, items) in JsonNode.Parse(File.ReadAllText(TablesFile))!.AsObject())
        {
            Tables[name] = new(items!.AsObject().Select(item => KeyValuePair.Create(item.Key, (JsonObject)item.Value!.DeepClone())));
        }
    }
}
