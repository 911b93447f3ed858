using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using FastTrigger.Tests.Support;

namespace FastTrigger.NativeTests;

/// <summary>The scripts of local servers, which try to get out of where the published tool runs them.</summary>
public sealed class SandboxTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fasttrigger-sandbox-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_script_writes_to_its_own_folders_alone_and_reads_nothing_of_the_host()
    {
        var secret = Path.Combine(_folder, "secret");
        await File.WriteAllTextAsync(secret, "the host's own", Artifacts.Token);
        var output = await RunAsync(
            $"cat {secret} /etc/shadow /root/.bash_history",
            $"echo x > {secret}; mkdir -p {_folder}",
            "for f in /usr/bin /etc /bin /lib /dev /proc/sys/kernel; do echo x > $f/fasttrigger-was-here; done",
            "for f in ~ /tmp /var/tmp /opt /var/log; do echo x > $f/own && echo wrote $f; done",
            "echo HOST_SECRET=$HOST_SECRET; id -u; ls /root");
        Assert.Equal(
            "wrote /root\nwrote /tmp\nwrote /var/tmp\nwrote /opt\nwrote /var/log\nHOST_SECRET=\n0\nown\n",
            output);
        Assert.Equal("the host's own", await File.ReadAllTextAsync(secret, Artifacts.Token));
        Assert.All(["/usr/bin", "/etc", "/tmp"], folder => Assert.False(File.Exists(Path.Combine(folder, "fasttrigger-was-here"))));
    }

    [Theory]
    [InlineData("none", "unreachable\n")]
    [InlineData("host", "reached\n")]
    public async Task A_script_reaches_the_network_that_the_world_file_grants(string network, string expected)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var output = await RunAsync(
            [],
            network,
            $"bash -c 'exec 3<>/dev/tcp/127.0.0.1/{port}' 2>/dev/null && echo reached || echo unreachable");
        Assert.Equal(expected, output);
    }

    [Fact]
    public async Task A_script_neither_sees_nor_ends_a_process_outside()
    {
        using var outside = Process.Start("sleep", "1000");
        var output = await RunAsync(
            $"kill -9 {outside.Id} 2>/dev/null && echo killed; [ -e /proc/{outside.Id}/cmdline ] && cat /proc/{outside.Id}/cmdline",
            // What follows would end this machine if it were not isolated.
            $"[ ! -e /proc/{outside.Id} ] || exit 1",
            "(shutdown now || poweroff -f || reboot -f || halt -f) >/dev/null 2>&1; echo still here",
            "echo b > /proc/sysrq-trigger; kill -9 -1; echo not reached");
        Assert.False(outside.HasExited);
        outside.Kill();
        Assert.StartsWith("still here\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fork_bomb_is_limited_and_all_of_it_ends_with_the_script()
    {
        var mark = $"sleep 1{Environment.ProcessId:D7}";
        var output = await RunAsync(
            // Each process that starts holds its place; at the limit the shell can start no more.
            $"n=0; while [ $n -lt 2000 ]; do {mark} & n=$((n+1)); done 2>/dev/null",
            "echo never");
        Assert.DoesNotContain("never", output, StringComparison.Ordinal);
        Assert.Equal(0, Processes.Count(mark));
        await RunAsync($"{mark} & {mark} & :");
        Assert.Equal(0, Processes.Count(mark));
        // On the host the first of these two is what the sandbox prevents. The script waits until setsid has become it.
        await RunAsync(
            ["--shell", "host"],
            "none",
            $"setsid {mark} >/dev/null 2>&1 & until grep -qs '^sleep' /proc/$!/cmdline; do :; done");
        Assert.Equal(1, Processes.Count(mark));
        using var end = Process.Start("pkill", ["-f", mark]);
        await end.WaitForExitAsync(Artifacts.Token);
    }

    [Fact]
    public async Task Home_and_state_outlast_the_script_and_nothing_else_does()
    {
        var state = Path.Combine(_folder, "state");
        await RunAsync(["--state", state], "none", "echo kept > ~/note; echo gone > /tmp/note");
        Assert.Equal("kept\n", await RunAsync(["--state", state], "none", "cat ~/note; cat /tmp/note 2>/dev/null; :"));
    }

    [Fact]
    public async Task Where_nothing_can_be_isolated_the_script_is_shown_and_not_run()
    {
        var tools = Directory.CreateDirectory(Path.Combine(_folder, "bin")).FullName;
        foreach (var name in (string[])["sh", "setsid", "env", "dotnet"])
        {
            var path = Environment.GetEnvironmentVariable("PATH")!.Split(':')
                .Select(folder => Path.Combine(folder, name)).First(File.Exists);
            File.CreateSymbolicLink(Path.Combine(tools, name), path);
        }

        var arguments = await WriteAsync("none", $"touch {Path.Combine(_folder, "touched")}; echo ran");
        var (exitCode, output, _) = await Artifacts.RunToolAsync(arguments, ("PATH", tools));
        Assert.Equal(1, exitCode);
        Assert.Contains("not executed AWS-RunShellScript nothing can be isolated here: bwrap", output, StringComparison.Ordinal);
        Assert.Contains("echo ran", output, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_folder, "touched")));
        (exitCode, output, _) = await Artifacts.RunToolAsync([.. arguments, "--shell", "host"], ("PATH", tools));
        Assert.Equal(0, exitCode);
        Assert.True(File.Exists(Path.Combine(_folder, "touched")));
    }

    private Task<string> RunAsync(params string[] commands) => RunAsync([], "none", commands);

    /// <summary>What the script prints.</summary>
    private async Task<string> RunAsync(string[] options, string network, params string[] commands)
    {
        var arguments = await WriteAsync(network, commands);
        var (_, output, error) = await Artifacts.RunToolAsync([.. arguments, "--json", .. options], ("HOST_SECRET", "s3cret"));
        Assert.True(output.Length > 0, error);
        return JsonNode.Parse(output).Text("instances", 0, "commands", 0, "stdout");
    }

    private Task<string[]> WriteAsync(string network, params string[] commands)
    {
        var lines = new JsonArray([.. commands.Select(command => (JsonNode)command)]);
        return OneRoute.WriteAsync(
            _folder,
            $$$"""{"run-command": {"targets": {"tag:Role": ["pump"]}, "commands": {{{lines.ToJsonString()}}}, "once": false}}""",
            $$$"""{"instances": [{"id": "i-0aaaaaaaaaaaaaaa1", "network": "{{{network}}}", "tags": {"Role": "pump"}}]}""");
    }
}
