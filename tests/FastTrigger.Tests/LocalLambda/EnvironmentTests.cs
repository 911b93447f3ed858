using System.Diagnostics;
using System.Text.Json.Nodes;
using FastTrigger.Cli.LocalLambda;

namespace FastTrigger.Tests.LocalLambda;

/// <summary>
/// A function whose environments time out, are killed or never start. The runtime is a script, which does what its event says.
/// </summary>
public sealed class EnvironmentTests : IAsyncDisposable
{
    private const string Runtime = """
        #!/usr/bin/python3
        import http.client, json, os, signal, subprocess, sys, time
        host = os.environ["AWS_LAMBDA_RUNTIME_API"]
        connection = http.client.HTTPConnection(host)
        while True:
            connection.request("GET", "/2018-06-01/runtime/invocation/next")
            answer = connection.getresponse()
            request, arn = answer.headers["Lambda-Runtime-Aws-Request-Id"], answer.headers["Lambda-Runtime-Invoked-Function-Arn"]
            event = json.loads(answer.read())
            if event.get("child"):
                # It keeps the pipes of its parent open, so that the end of the process is not the end of its output.
                subprocess.Popen(["sleep", "600"], start_new_session=True)
            if event["do"] == "hang":
                time.sleep(600)
            if event["do"] == "die":
                os.kill(os.getpid(), signal.SIGKILL)
            connection.request("POST", f"/2018-06-01/runtime/invocation/{request}/response", json.dumps({"pid": os.getpid(), "arn": arn}))
            connection.getresponse().read()
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("fasttrigger-environments-").FullName;
    private LocalFunction _function = null!;

    public async ValueTask DisposeAsync()
    {
        await _function.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("hang", 2, "Sandbox.Timedout", "Task timed out after 2.00 seconds")]
    [InlineData("die", 20, "Runtime.ExitError", "Runtime exited with error: exit status 137")]
    public async Task The_event_after_a_timeout_or_a_death_gets_a_fresh_environment(
        string action,
        int seconds,
        string errorType,
        string message)
    {
        Start(Runtime, TimeSpan.FromSeconds(seconds));
        for (var round = 0; round < 2; round++)
        {
            var failed = await InvokeAsync($$"""{"do":"{{action}}","child":{{(round % 2 == 0 ? "true" : "false")}}}""");
            Assert.Equal(errorType, failed.ErrorType);
            Assert.Contains(message, Document(failed)["errorMessage"]!.ToString(), StringComparison.Ordinal);
            var next = await InvokeAsync("""{"do":"answer"}""");
            Assert.Null(next.ErrorType);
        }

        // The event that fails takes the environment of the event before it.
        Assert.Equal(3, _function.Environments.Count);
    }

    [Fact]
    public async Task The_event_after_the_kill_of_an_idle_environment_gets_a_fresh_one()
    {
        Start(Runtime, TimeSpan.FromSeconds(20));
        var former = 0;
        for (var round = 0; round < 10; round++)
        {
            var outcome = await InvokeAsync("""{"do":"answer"}""");
            Assert.Null(outcome.ErrorType);
            var pid = Document(outcome)["pid"]!.GetValue<int>();
            Assert.NotEqual(former, pid);
            using var process = Process.GetProcessById(former = pid);
            // Nobody waits until it has ended.
            process.Kill();
        }
    }

    [Fact]
    public async Task A_live_environment_is_used_again_and_learns_the_ARN_of_the_caller()
    {
        Start(Runtime, TimeSpan.FromSeconds(20));
        var first = Document(await InvokeAsync("""{"do":"answer"}"""));
        var arn = _function.Settings.Arn + ":live";
        var second = Document(await _function.InvokeAsync("""{"do":"answer"}"""u8.ToArray(), invokedArn: arn));
        Assert.Equal(first["pid"]!.ToString(), second["pid"]!.ToString());
        Assert.Equal((_function.Settings.Arn, arn), (first["arn"]!.ToString(), second["arn"]!.ToString()));
    }

    [Theory]
    [InlineData("#!/bin/sh\necho 'libpump.so: not found' >&2\nexit 3\n", "Runtime.ExitError", "exit status 3", "libpump.so: not found")]
    [InlineData("#!/bin/sh\nexit 0\n", "Runtime.ExitError", "exit status 0", "with nothing on standard error")]
    [InlineData("no program", "Runtime.InvalidEntrypoint", "fork/exec", "bootstrap")]
    [InlineData("#!/bin/sh\necho 'waits for nobody' >&2\nexec sleep 600\n", "Sandbox.Timedout", "did not ask", "waits for nobody")]
    public async Task A_bootstrap_that_does_not_start_says_why(string script, string errorType, string message, string detail)
    {
        Start(script, TimeSpan.FromSeconds(1), init: TimeSpan.FromSeconds(1));
        var outcome = await InvokeAsync("{}");
        Assert.Equal(errorType, outcome.ErrorType);
        var document = Document(outcome);
        Assert.Equal(errorType, document["errorType"]!.ToString());
        Assert.Contains(message, document["errorMessage"]!.ToString(), StringComparison.Ordinal);
        Assert.Contains(detail, document["errorMessage"]!.ToString(), StringComparison.Ordinal);
        Assert.Contains(_function.Notes, note => note.Contains(message, StringComparison.Ordinal));
    }

    private void Start(string script, TimeSpan timeout, TimeSpan? init = null)
    {
        var bootstrap = Path.Combine(_folder, "bootstrap");
        File.WriteAllText(bootstrap, script);
        File.SetUnixFileMode(bootstrap, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        _function = new(new() { Bootstrap = bootstrap, Timeout = timeout, InitTimeout = init ?? TimeSpan.FromSeconds(20) });
    }

    private Task<InvocationOutcome> InvokeAsync(string payload) => _function.InvokeAsync(Encoding.UTF8.GetBytes(payload));

    private static JsonNode Document(InvocationOutcome outcome) => JsonNode.Parse(outcome.Payload)!;
}
