namespace FastTrigger.Cli.LocalAws;

/// <summary>A server of the local world, with a directory of its own that stands for its disk.</summary>
internal sealed class LocalInstance(WorldInstance described, string directory)
{
    public string Id => described.Id;

    public string State => described.State;

    public bool AgentOnline => described.Agent == "online" && described.State == "running";

    /// <summary>Where its commands work; its act-once state stands beside it.</summary>
    public string Directory { get; } = System.IO.Directory.CreateDirectory(Path.Combine(directory, described.Id, "work")).FullName;

    public string OnceDirectory => Path.Combine(directory, Id, "fasttrigger", "once");
}
