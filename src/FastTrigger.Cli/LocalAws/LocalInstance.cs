namespace FastTrigger.Cli.LocalAws;

/// <summary>A server of the local world. Its own directory represents its disk.</summary>
internal sealed class LocalInstance(WorldInstance described, string directory, DateTimeOffset started)
{
    private readonly Lock _lock = new();
    private string _state = described.State, _next = described.State;
    private DateTimeOffset _changes;

    public string Id => described.Id;

    /// <summary>How often it was rebooted.</summary>
    public int Reboots { get; private set; }

    public bool CanHibernate => described.Hibernation;

    /// <summary>The operation that its settings forbid; null for none.</summary>
    public string? Protected => described.Protected;

    public string VpcId => described.VpcId;

    public string Delivery => described.Delivery;

    /// <summary>Whether its scripts may use this machine's network.</summary>
    public bool HasNetwork => described.Network == "host";

    public IReadOnlyList<string> Volumes { get; } = described.Volumes ?? ["vol" + described.Id[described.Id.IndexOf('-')..]];

    /// <summary>
    /// The working directory of its commands. The act-once state is in a directory next to it. Both are created when they are asked for: a
    /// load test launches thousands of servers that run nothing, and removing their directories took minutes.
    /// </summary>
    public string Directory => System.IO.Directory.CreateDirectory(Path.Combine(directory, described.Id, "work")).FullName;

    public string OnceDirectory => Path.Combine(StateDirectory, "once");

    /// <summary>What is /var/lib/fasttrigger on a server.</summary>
    public string StateDirectory =>
        System.IO.Directory.CreateDirectory(Path.Combine(directory, described.Id, "fasttrigger")).FullName;

    public string State(DateTimeOffset now)
    {
        lock (_lock)
        {
            return now >= _changes ? _next : _state;
        }
    }

    /// <summary>Moves it to another state, by one that lasts as long as the world says.</summary>
    public void Change(string onTheWay, string target, DateTimeOffset now)
    {
        lock (_lock)
        {
            (_state, _next, _changes) = (onTheWay, target, now.AddMilliseconds(described.StateChangeMs));
        }
    }

    public void Reboot()
    {
        lock (_lock)
        {
            Reboots++;
        }
    }

    public bool AgentOnline(DateTimeOffset now) =>
        described.Agent == "online" && State(now) == "running" && IsOver(described.AgentAfterMs, now);

    public IReadOnlyList<string> AttachedVolumes(DateTimeOffset now) =>
        IsOver(described.VolumesAfterMs, now) ? Volumes : [];

    /// <summary>What takes no time has happened whatever the clock says.</summary>
    private bool IsOver(int milliseconds, DateTimeOffset now) => milliseconds == 0 || now >= started.AddMilliseconds(milliseconds);
}
