using System.Text;
using FastTrigger.Aws;
using FastTrigger.Aws.Ec2;
using FastTrigger.Aws.Ssm;
using FastTrigger.Cli.LocalAws;
using FastTrigger.Cli.LocalLambda;
using FastTrigger.Configuration;
using FastTrigger.Core;

namespace FastTrigger.Cli.Commands;

/// <summary>What run and serve are asked for.</summary>
internal sealed record LocalOptions
{
    public string? Routes { get; init; }

    public string? World { get; init; }

    public string? Bootstrap { get; init; }

    public IReadOnlyList<string> Environment { get; init; } = [];

    public string Region { get; init; } = "us-east-1";

    public string Account { get; init; } = "123456789012";

    public int Port { get; init; }

    public int TimeoutSeconds { get; init; } = 30;

    /// <summary>How many environments there may be at a time.</summary>
    public int Concurrency { get; init; } = 1_000;

    public TimeSpan IdleLifetime { get; init; } = TimeSpan.MaxValue;

    /// <summary>Where the servers' disks and tables stay; null for a place that goes with the run.</summary>
    public string? State { get; init; }

    /// <summary>The queue for asynchronous invocations that failed for good; null for none.</summary>
    public string? DeadLetterQueue { get; init; }

    /// <summary>The queue that is their on-failure destination; null for none.</summary>
    public string? OnFailure { get; init; }

    /// <summary>What retries of asynchronous invocations wait by.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}

/// <summary>A question that cannot be answered as it was asked: told on standard error, exit code 2.</summary>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>The local servers and the function, wired together: the world, AWS over it, and the bootstrap that is pointed there.</summary>
internal sealed class LocalRun : IAsyncDisposable
{
    private const string OnceTable = "fasttrigger-once";

    private LocalRun(LocalWorld world, LocalFunction function, LocalAwsServer aws, AsynchronousInvoker asynchronous)
    {
        Asynchronous = asynchronous;
        World = world;
        Function = function;
        Aws = aws;
    }

    public LocalWorld World { get; }

    public LocalFunction Function { get; }

    public LocalAwsServer Aws { get; }

    public AsynchronousInvoker Asynchronous { get; }

    public static async Task<LocalRun> StartAsync(LocalOptions options)
    {
        var routes = options.Routes ?? Find("build/demo/routes.json", "there is no build/demo/routes.json here: name a file with --routes");
        var bootstrap = options.Bootstrap ?? Find("bootstrap", "there is no native bootstrap: ./bootstrap.sh build makes artifacts/bootstrap, or name one with --bootstrap");
        foreach (var file in (ReadOnlySpan<string>)[routes, bootstrap])
        {
            if (!File.Exists(file))
            {
                throw new UsageException($"{file}: there is no such file");
            }
        }

        var description = LoadWorld(options, routes);
        var world = new LocalWorld(description with { Faults = [] }, options.Region, options.Account, options.State);
        world.Sites.TryAdd("/", new());
        world.Tables.TryAdd(OnceTable, new());
        foreach (var queue in (ReadOnlySpan<string?>)[options.DeadLetterQueue, options.OnFailure])
        {
            if (queue is not null)
            {
                world.Queues.TryAdd(queue, []);
            }
        }

        var environment = new Dictionary<string, string>();
        var function = new LocalFunction(new()
        {
            Bootstrap = bootstrap,
            Region = options.Region,
            Account = options.Account,
            Timeout = TimeSpan.FromSeconds(options.TimeoutSeconds),
            Environment = environment,
        })
        {
            Delivering = payload => world.AddNamedIn(Encoding.UTF8.GetString(payload)),
            Concurrency = options.Concurrency,
            IdleLifetime = options.IdleLifetime,
        };
        var asynchronous = new AsynchronousInvoker(function, world, options.Time) { DeadLetterQueue = options.DeadLetterQueue, OnFailure = options.OnFailure };
        var aws = await LocalAwsServer.StartAsync(world, options.Port, new InvokeApi(function, world, asynchronous).HandleAsync);
        SetDefaults(environment, aws, routes);
        Warm(world, environment, options.Region);
        SetGiven(environment, options.Environment);
        foreach (var fault in description.Faults)
        {
            world.Add(fault);
        }

        return new(world, function, aws, asynchronous);
    }

    public async ValueTask DisposeAsync()
    {
        await Function.DisposeAsync();
        await Aws.DisposeAsync();
        World.Dispose();
    }

    private static WorldFile LoadWorld(LocalOptions options, string routes)
    {
        var beside = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(routes))!, "world.json");
        var path = options.World ?? (File.Exists(beside) ? beside : null);
        try
        {
            return path is null ? new() : LocalWorld.Load(path);
        }
        catch (Exception e) when (e is System.Text.Json.JsonException or IOException)
        {
            throw new UsageException($"{path}: {e.Message}");
        }
    }

    private static void SetDefaults(Dictionary<string, string> environment, LocalAwsServer aws, string routes)
    {
        environment["FASTTRIGGER_ROUTES"] = Path.GetFullPath(routes);
        environment["AWS_ACCESS_KEY_ID"] = LocalKeys.AccessKeyId;
        environment["AWS_SECRET_ACCESS_KEY"] = LocalKeys.SecretAccessKey;
        environment["AWS_SESSION_TOKEN"] = LocalKeys.SessionToken;
        environment["AWS_ENDPOINT_URL"] = aws.HttpsUrl;
        environment["AWS_CA_BUNDLE"] = aws.AuthorityFile;
        environment["SSL_CERT_FILE"] = aws.AuthorityFile;
        // For functions in JavaScript that are measured beside ours.
        environment["NODE_EXTRA_CA_CERTS"] = aws.AuthorityFile;
        environment["AWS_LAMBDA_LOG_FORMAT"] = "JSON";
        environment["SITE"] = aws.SiteUrl;
        environment["FASTTRIGGER_ONCE_TABLE"] = OnceTable;
    }

    private static void SetGiven(Dictionary<string, string> environment, IReadOnlyList<string> given)
    {
        foreach (var pair in given)
        {
            var equals = pair.IndexOf('=');
            if (equals < 1)
            {
                throw new UsageException($"--env takes NAME=VALUE, not '{pair}'");
            }

            environment[pair[..equals]] = pair[(equals + 1)..];
        }
    }

    /// <summary>A signed call of each service compiles the servers' own code, which is not the function's to wait for.</summary>
    private static void Warm(LocalWorld world, Dictionary<string, string> environment, string region)
    {
        var settings = Settings.Read(environment.GetValueOrDefault, []);
        using var client = new AwsClient(new(settings));
        var deadline = Deadline.In(settings.Clock, 10_000);
        _ = new Ec2Client(client, region).DescribeTags(["i-00000000"], ["none"], [], deadline);
        _ = new SsmClient(client, region).ListCommands(Guid.Empty.ToString(), [], deadline);
        world.ForgetCalls();
    }

    /// <summary>From where this is run, else from the place of the tool: artifacts/ in a checkout, or wherever it was copied to.</summary>
    public static string Find(string name, string otherwise)
    {
        string[] places = [name, Path.Combine("artifacts", name), Path.Combine(AppContext.BaseDirectory, name), Path.Combine(AppContext.BaseDirectory, "..", name), Path.Combine(AppContext.BaseDirectory, "..", "..", name)];
        return places.FirstOrDefault(File.Exists) ?? throw new UsageException(otherwise);
    }

    /// <summary>A file that the command line names.</summary>
    public static byte[] Read(string file)
    {
        try
        {
            return File.ReadAllBytes(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException(e.Message);
        }
    }
}
