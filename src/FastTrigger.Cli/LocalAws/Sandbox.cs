using System.Diagnostics;
using System.Runtime.InteropServices;

namespace FastTrigger.Cli.LocalAws;

/// <summary>Where the scripts of local servers run.</summary>
internal enum ScriptShell
{
    /// <summary>In a sandbox of bubblewrap (github.com/containers/bubblewrap), or not at all.</summary>
    Isolated,

    /// <summary>As an ordinary process of this machine, with all that the user may do.</summary>
    Host,

    /// <summary>Nowhere: each command succeeds at once, for a load test that counts calls.</summary>
    None,
}

/// <summary>
/// Isolates the script of a local server: it sees a read-only system, the server's own home and act-once state, and an empty /tmp. It is
/// root of nothing but that, has no network, and neither sees nor reaches a process outside. All of it ends with the script.
/// </summary>
internal static partial class Sandbox
{
    /// <summary>The number of processes that one script may have at a time.</summary>
    public const int MaxProcesses = 256;

    /// <summary>The size of each of its empty folders, and of a file.</summary>
    private const string MaxBytes = "268435456";

    /// <summary>nobody: as the machine's own root, a script would not be held by limits.</summary>
    private const uint Nobody = 65534;

    private const string Script = "/run/fasttrigger.sh";

    /// <summary>What a system is made of besides /usr. What a machine does not have is left out.</summary>
    private static readonly string[] s_system =
    [
        "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/etc/alternatives", "/etc/ca-certificates", "/etc/ld.so.cache", "/etc/localtime",
        "/etc/mime.types", "/etc/os-release", "/etc/pki/ca-trust", "/etc/pki/tls/certs", "/etc/protocols", "/etc/services",
        "/etc/ssl/certs", "/etc/ssl/openssl.cnf",
    ];

    /// <summary>The folders of what is below; bwrap would make them for its own user.</summary>
    private static readonly string[] s_folders = ["/etc", "/etc/pki", "/etc/pki/tls", "/etc/ssl", "/run", "/var", "/var/lib"];

    /// <summary>Folders that a script may write to, and that are empty at its start.</summary>
    private static readonly string[] s_empty = ["/tmp", "/var/tmp", "/var/log", "/var/cache", "/home", "/mnt", "/opt", "/srv"];

    /// <summary>Looked for where the user's own programs are, and not where the scripts' are.</summary>
    private static readonly string? s_bwrap = (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(':')
        .Select(static folder => Path.Combine(folder, "bwrap"))
        .FirstOrDefault(File.Exists);

    private static readonly Lazy<string?> s_problem = new(Probe);

    /// <summary>Why nothing can be isolated on this machine; null when it can.</summary>
    public static string? Problem => s_problem.Value;

    /// <summary>How a script is started in the sandbox of a server. The file and the server's folders must exist.</summary>
    /// <param name="folder">The working directory, as the script sees it; null for its home.</param>
    public static ProcessStartInfo Start(LocalInstance instance, string file, string? folder) =>
        Start(instance.Directory, instance.StateDirectory, file, folder, instance.HasNetwork);

    private static ProcessStartInfo Start(string home, string state, string file, string? folder, bool network)
    {
        var start = new ProcessStartInfo("setsid");
        Add(start, s_bwrap!, "--die-with-parent", "--new-session");
        Add(start, "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--hostname", "server");
        if (!network)
        {
            Add(start, "--unshare-net");
        }

        _ = ChangeMode(file, Convert.ToUInt32("644", 8));
        if (Environment.IsPrivilegedProcess)
        {
            _ = ChangeOwner(home, Nobody, Nobody);
            _ = ChangeOwner(state, Nobody, Nobody);
            // What must be bound may lie in folders that only root can open. Then the script becomes another user.
            Add(start, "--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID");
        }
        else
        {
            Add(start, "--unshare-user", "--uid", "0", "--gid", "0");
        }

        foreach (var path in s_folders)
        {
            Add(start, "--perms", "0755", "--dir", path);
        }

        Add(start, "--ro-bind", "/usr", "/usr");
        foreach (var path in s_system)
        {
            AddSystem(start, path);
        }

        if (network)
        {
            Add(start, "--ro-bind-try", "/etc/resolv.conf", "/etc/resolv.conf", "--ro-bind-try", "/etc/hosts", "/etc/hosts");
        }

        Add(start, "--proc", "/proc", "--dev", "/dev");
        foreach (var path in s_empty)
        {
            Add(start, "--size", MaxBytes, "--perms", "1777", "--tmpfs", path);
        }

        Add(start, "--bind", home, "/root", "--bind", state, "/var/lib/fasttrigger", "--ro-bind", file, Script, "--chdir", "/");
        if (Environment.IsPrivilegedProcess)
        {
            Add(start, "setpriv", $"--reuid={Nobody}", $"--regid={Nobody}", "--clear-groups", "--no-new-privs");
            Add(start, "unshare", "--user", "--map-root-user");
        }

        // The server's home is not bwrap's own, so the folder is entered as its owner.
        Add(start, "env", $"--chdir={folder ?? "/root"}");
        Add(start, "prlimit", $"--nproc={MaxProcesses}", "--core=0", $"--fsize={MaxBytes}", "sh", Script);
        start.Environment.Clear();
        start.Environment["PATH"] = CommandRunner.SearchPath;
        start.Environment["HOME"] = "/root";
        return start;
    }

    private static void AddSystem(ProcessStartInfo start, string path)
    {
        var info = new FileInfo(path);
        if (info.LinkTarget is { } target && !target.StartsWith('/') && !path.StartsWith("/etc/", StringComparison.Ordinal))
        {
            Add(start, "--symlink", target, path);
        }
        else
        {
            Add(start, "--ro-bind-try", path, path);
        }
    }

    private static void Add(ProcessStartInfo start, params ReadOnlySpan<string> arguments)
    {
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }
    }

    [LibraryImport("libc", EntryPoint = "chmod", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChangeMode(string path, uint mode);

    [LibraryImport("libc", EntryPoint = "lchown", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChangeOwner(string path, uint user, uint group);

    /// <summary>Whether a script can be isolated here is found out by isolating one.</summary>
    private static string? Probe()
    {
        if (s_bwrap is null)
        {
            return "bwrap is not installed (the package bubblewrap)";
        }

        var folder = Directory.CreateTempSubdirectory("fasttrigger-").FullName;
        try
        {
            var file = Path.Combine(folder, "probe.sh");
            File.WriteAllText(file, "exit 0\n");
            var start = Start(folder, folder, file, null, network: false);
            start.RedirectStandardError = true;
            start.RedirectStandardOutput = true;
            using var process = Process.Start(start)!;
            var error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? null : error.Trim() is { Length: > 0 } reason ? reason : $"bwrap ended with {process.ExitCode}";
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
