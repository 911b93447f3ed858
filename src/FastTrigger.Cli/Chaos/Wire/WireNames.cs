using System.Diagnostics;

namespace FastTrigger.Cli.Chaos.Wire;

/// <summary>
/// Names that resolve or do not, without root: the function sees another /etc/hosts than the machine, in a mount namespace of its own, and
/// asks no name server (man 1 unshare, man 5 nsswitch.conf).
/// </summary>
internal sealed class WireNames
{
    private const string Known = "127.0.0.1 localhost aws.localhost\n";

    private readonly string _hosts;

    private WireNames(string hosts, string program)
    {
        _hosts = hosts;
        Program = program;
    }

    /// <summary>What starts the function with these names.</summary>
    public string Program { get; }

    /// <summary>Null, with the reason, where a user may have no namespaces.</summary>
    /// <param name="folder">Where its files may be.</param>
    public static WireNames? TryCreate(string folder, string bootstrap, out string problem)
    {
        var (hosts, order) = (Path.Combine(folder, "hosts"), Path.Combine(folder, "nsswitch.conf"));
        File.WriteAllText(hosts, Known);
        File.WriteAllText(order, "hosts: files\n");
        var enter = $"unshare --user --map-root-user --mount sh -c 'mount --bind \"$1\" /etc/hosts "
            + $"&& mount --bind \"$2\" /etc/nsswitch.conf && exec \"$3\"' sh '{hosts}' '{order}'";
        var program = Path.Combine(folder, "named-bootstrap");
        File.WriteAllText(program, $"#!/bin/sh\nexec {enter} '{Path.GetFullPath(bootstrap)}'\n");
        var trial = $"chmod 700 '{program}' && {enter} true";
        using var probe = Process.Start(new ProcessStartInfo("sh", ["-c", trial]) { RedirectStandardError = true })!;
        problem = probe.StandardError.ReadToEnd().Trim();
        probe.WaitForExit();
        return probe.ExitCode == 0 ? new(hosts, program) : null;
    }

    /// <summary>Whether the names resolve from now on. The file stays the same one, because it is mounted.</summary>
    public void Resolve(bool known) => File.WriteAllText(_hosts, known ? Known : "\n");
}
