using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace FastTrigger.Cli.LocalAws;

/// <summary>Everything that the local AWS knows, in memory and in a temporary directory that goes with it.</summary>
internal sealed class LocalWorld : IDisposable
{
    private static readonly Regex s_ids = new($@"\b({string.Join('|', ResourceTypes.Prefixes)})(?:[0-9a-f]{{17}}|[0-9a-f]{{8}}(?:-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}|[0-9a-f]{{8}})\b", RegexOptions.CultureInvariant);

    private readonly List<Fault> _faults = [];
    private readonly ConcurrentQueue<AwsCall> _calls = new();
    private readonly List<Task> _running = [];
    private readonly CancellationTokenSource _end = new();

    private readonly bool _isKept;

    /// <param name="state">Where the servers' disks are and stay; null for a place that goes with the world.</param>
    public LocalWorld(WorldFile file, string region, string account, string? state = null)
    {
        Region = region;
        Account = account;
        _isKept = state is not null;
        Directory = state is null ? System.IO.Directory.CreateTempSubdirectory("fasttrigger-").FullName : System.IO.Directory.CreateDirectory(state).FullName;
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

    /// <summary>DynamoDB: tables of items by their id.</summary>
    public ConcurrentDictionary<string, ConcurrentDictionary<string, System.Text.Json.Nodes.JsonObject>> Tables { get; } = new();

    /// <summary>SQS: queues by their name.</summary>
    public ConcurrentDictionary<string, List<LocalMessage>> Queues { get; } = new();

    /// <summary>Automations by their client token.</summary>
    public ConcurrentDictionary<string, LocalAutomation> Automations { get; } = new();

    /// <summary>What STS gave out, by access key.</summary>
    public ConcurrentDictionary<string, LocalSession> Sessions { get; } = new();

    /// <summary>What was posted to the local website.</summary>
    public ConcurrentQueue<string> SiteBodies { get; } = new();

    /// <summary>Commands that were killed while they ran: where, and what was run.</summary>
    public ConcurrentBag<(string InstanceId, string Script)> CutOff { get; } = [];

    /// <summary>How long ListCommands does not show a new command.</summary>
    public int ShownAfterMs { get; set; }

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
        var added = Instances[instance.Id] = new(instance, Directory, Now);
        Resources[instance.Id] = new(instance.Tags);
        foreach (var volume in added.Volumes)
        {
            Resources.TryAdd(volume, new());
        }
    }

    /// <summary>Makes what an event names exist: instances run, everything else can be tagged.</summary>
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

    /// <summary>Puts a message into a queue, which is made when it is not there.</summary>
    public void Enqueue(string queue, string body, System.Text.Json.Nodes.JsonObject attributes)
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

    /// <summary>Kills a command that is running, as a server that goes down does; false when none is.</summary>
    public bool CutOffCommand(Random random)
    {
        var running = Commands.Values.SelectMany(command => command.Invocations).Where(invocation => invocation.Kill is not null).ToArray();
        if (running.Length == 0)
        {
            return false;
        }

        var chosen = running[random.Next(running.Length)];
        CutOff.Add((chosen.InstanceId, chosen.Script));
        chosen.Kill?.Invoke();
        return true;
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
        if (_isKept)
        {
            File.WriteAllText(TablesFile, new System.Text.Json.Nodes.JsonObject(Tables.Select(table => KeyValuePair.Create(table.Key, (System.Text.Json.Nodes.JsonNode?)new System.Text.Json.Nodes.JsonObject(table.Value.Select(item => KeyValuePair.Create(item.Key, (System.Text.Json.Nodes.JsonNode?)item.Value.DeepClone())))))).ToJsonString());
        }
        else
        {
            System.IO.Directory.Delete(Directory, recursive: true);
        }
    }

    private string TablesFile => Path.Combine(Directory, "tables.json");

    /// <summary>The act-once table of a world that is kept.</summary>
    private void LoadTables()
    {
        if (!_isKept || !File.Exists(TablesFile))
        {
            return;
        }

        foreach (var (name, items) in System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(TablesFile))!.AsObject())
        {
            Tables[name] = new(items!.AsObject().Select(item => KeyValuePair.Create(item.Key, (System.Text.Json.Nodes.JsonObject)item.Value!.DeepClone())));
        }
    }
}
