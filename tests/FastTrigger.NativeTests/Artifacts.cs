using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using FastTrigger.Cli.LocalAws;
using FastTrigger.Cli.LocalLambda;
using FastTrigger.Tests.Support;

namespace FastTrigger.NativeTests;

/// <summary>The files that ./bootstrap.sh test publishes. A missing file fails the test that needs it.</summary>
internal static class Artifacts
{
    public static string Root => Repository.Root;

    /// <summary>The function as it is deployed by default, which needs nothing of its system.</summary>
    public static string Bootstrap => Existing("artifacts/bootstrap");

    /// <summary>The function that uses the system's C library and OpenSSL.</summary>
    public static string Dynamic => Existing("artifacts/dynamic/bootstrap");

    /// <summary>Both ways in which the function is linked.</summary>
    public static TheoryData<string> Links => ["static", "dynamic"];

    public static bool IsArm64 => RuntimeInformation.ProcessArchitecture == Architecture.Arm64;

    public static string Linked(string link) => link == "dynamic" ? Dynamic : Bootstrap;

    /// <summary>The function for arm64, in an emulator where this machine is no arm64.</summary>
    public static string Arm64(string link) =>
        IsArm64 ? Linked(link) : Existing($"artifacts/arm64/{(link == "dynamic" ? "dynamic/" : "")}emulated");

    public static string Tool => Existing("artifacts/fasttrigger");

    public static string Handlers => Existing("artifacts/test-functions/handlers/FastTrigger.HandlerFunction");

    public static string Mstat => Existing("artifacts/symbols/bootstrap.mstat");

    /// <summary>The token of the running test.</summary>
    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public static string Demo(string name) => Path.Combine("build", "demo", name);

    /// <summary>The option that names the demo's routes.</summary>
    public static string[] DemoRoutes => ["--routes", Demo("routes.json")];

    public static string Read(string name) => File.ReadAllText(Path.Combine(Root, Demo(name)));

    public static string Existing(string path)
    {
        var full = Path.Combine(Root, path);
        Assert.True(File.Exists(full), $"{full} is missing: ./bootstrap.sh test publishes it");
        return full;
    }

    /// <summary>Runs fasttrigger in the repository's folder.</summary>
    public static Task<(int ExitCode, string Output, string Error)> RunToolAsync(
        string[] arguments,
        params (string Name, string Value)[] environment) =>
        RunAsync(Tool, arguments, environment);

    /// <summary>Runs a program in the repository's folder.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(
        string program,
        string[] arguments,
        params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output, await error);
    }
}

/// <summary>A native function in its own environment, with its own local AWS.</summary>
internal sealed class NativeFunction : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fasttrigger-function-").FullName;

    private NativeFunction(LocalWorld world, LocalAwsServer aws)
    {
        World = world;
        Aws = aws;
    }

    public LocalWorld World { get; }

    public LocalAwsServer Aws { get; }

    public ExecutionEnvironment Environment { get; private set; } = null!;

    public FunctionSettings Settings { get; private set; } = null!;

    public ConcurrentQueue<string> Logs { get; } = new();

    public static async Task<NativeFunction> StartAsync(
        string? routes = null,
        WorldFile? file = null,
        string? bootstrap = null,
        int seconds = 30,
        int concurrency = 1,
        string pathPrefix = "",
        params (string Name, string Value)[] variables)
    {
        var world = new LocalWorld(file ?? new(), "us-east-1", "123456789012");
        var function = new NativeFunction(world, await LocalAwsServer.StartAsync(world));
        var path = Path.Combine(function._folder, "routes.json");
        await File.WriteAllTextAsync(path, routes ?? Artifacts.Read("routes.json"));
        var environment = new Dictionary<string, string>
        {
            ["FASTTRIGGER_ROUTES"] = path,
            ["AWS_ACCESS_KEY_ID"] = LocalKeys.AccessKeyId,
            ["AWS_SECRET_ACCESS_KEY"] = LocalKeys.SecretAccessKey,
            ["AWS_SESSION_TOKEN"] = LocalKeys.SessionToken,
            ["AWS_ENDPOINT_URL"] = function.Aws.HttpsUrl,
            ["AWS_CA_BUNDLE"] = function.Aws.AuthorityFile,
            ["SSL_CERT_FILE"] = function.Aws.AuthorityFile,
            ["AWS_LAMBDA_LOG_FORMAT"] = "JSON",
            // The servers of many tests share this machine, so a slow handshake must not add a log line.
            ["FASTTRIGGER_WARM_LIMIT_MS"] = "8000",
            ["SITE"] = function.Aws.SiteUrl,
        };
        foreach (var (name, value) in variables)
        {
            environment[name] = value;
        }

        function.Settings = new()
        {
            Bootstrap = bootstrap ?? Artifacts.Bootstrap,
            Timeout = TimeSpan.FromSeconds(seconds),
            MaxConcurrency = concurrency,
            Environment = environment,
        };
        function.Environment = await ExecutionEnvironment.StartAsync(function.Settings, function.Logs, pathPrefix);
        return function;
    }

    public async Task<(JsonNode? Document, string? ErrorType)> InvokeAsync(byte[] payload, string? traceId = null)
    {
        World.AddNamedIn(Encoding.UTF8.GetString(payload));
        var outcome = await Environment.InvokeAsync(new(payload) { TraceId = traceId }) ?? Environment.InitOutcome("");
        return (JsonNode.Parse(outcome.Payload), outcome.ErrorType);
    }

    public Task<(JsonNode? Document, string? ErrorType)> InvokeAsync(string payload, string? traceId = null) =>
        InvokeAsync(Encoding.UTF8.GetBytes(payload), traceId);

    /// <summary>Waits for a line of the log: what a batch is answered says nothing about its items.</summary>
    public void AssertLogs(string expected) =>
        Assert.True(
            SpinWait.SpinUntil(() => Logs.Any(line => line.Contains(expected, StringComparison.Ordinal)), TimeSpan.FromSeconds(20)),
            $"no {expected} in:\n{string.Join('\n', Logs)}");

    public async ValueTask DisposeAsync()
    {
        await Environment.DisposeAsync();
        Assert.Empty(Environment.Api.Violations);
        await Aws.DisposeAsync();
        World.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
