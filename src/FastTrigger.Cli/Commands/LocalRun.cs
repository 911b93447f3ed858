using System.Text;
using FastTrigger.Aws;
using FastTrigger.Aws.Ec2;
using FastTrigger.Aws.Ssm;
using FastTrigger.Cli.LocalAws;
using FastTrigger.Cli.LocalLambda;
using FastTrigger.Cli.Routes;
using FastTrigger.Configuration;
using FastTrigger.Core;
using FastTrigger.Json;

namespace FastTrigger.Cli.Commands;

/// <summary>The world, the local AWS servers over it, and the function whose endpoint they are.</summary>
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

    public required string RoutesFile { get; init; }

    /// <summary>Null when there is none.</summary>
    public required string? WorldFile { get; init; }

    /// <summary>The files that it uses, for people.</summary>
    public string Files => WorldFile is null ? $"routes: {RoutesFile}" : $"routes: {RoutesFile}; world: {WorldFile}";

    /// <summary>Whether the function is the built one, and not a program that the user names.</summary>
    public required bool IsOurs { get; init; }

    /// <summary>The routes; null when they are another program's.</summary>
    public required RoutesDocument? Routes { get; init; }

    public static async Task<LocalRun> StartAsync(LocalOptions options)
    {
        var routes = LocalFiles.Routes(options.Routes);
        var bootstrap = options.Bootstrap ?? LocalFiles.DefaultBootstrap();
        LocalFiles.CheckExists(bootstrap);
        var worldFile = FindWorld(options, routes);
        var document = ReadRoutes(routes, isOurs: options.Bootstrap is null);
        var description = LoadWorld(worldFile);
        if (File.Exists(options.State))
        {
            throw new UsageException($"--state {options.State} is a file; a folder is needed");
        }

        var world = new LocalWorld(description with { Faults = [] }, options.Region, options.Account, options.State)
        {
            Shell = options.Shell,
            LetsTextOut = LetsTextOut(options, description),
        };
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
            MemoryMegabytes = options.MemoryMegabytes,
            Environment = environment,
        })
        {
            Delivering = payload => world.AddNamedIn(Encoding.UTF8.GetString(payload)),
            Concurrency = options.Concurrency,
            IdleLifetime = options.IdleLifetime,
            Scaling = options.Scaling,
        };
        var asynchronous = new AsynchronousInvoker(function, world, options.Time)
        {
            DeadLetterQueue = options.DeadLetterQueue,
            OnFailure = options.OnFailure,
        };
        var rules = new EventRules(function, asynchronous, () => environment.GetValueOrDefault("FASTTRIGGER_ROUTES", routes));
        var aws = await StartServersAsync(options.Port, () => LocalAwsServer.StartAsync(
            world,
            options.Port,
            new InvokeApi(function, world, asynchronous).HandleAsync,
            rules.Deliver));
        SetDefaults(environment, aws, routes, options.Network);
        WarmUp(world, environment, options.Region);
        Apply(environment, options.Environment);
        foreach (var fault in description.Faults)
        {
            world.Add(fault);
        }

        return new(world, function, aws, asynchronous)
        {
            RoutesFile = routes,
            WorldFile = worldFile,
            IsOurs = options.Bootstrap is null,
            Routes = document,
        };
    }

    public async ValueTask DisposeAsync()
    {
        await Function.DisposeAsync();
        await Aws.DisposeAsync();
        World.Dispose();
    }

    /// <summary>
    /// The routes as the function reads them; null when another program than the function starts, which may read them in its own way.
    /// </summary>
    private static RoutesDocument? ReadRoutes(string file, bool isOurs)
    {
        var text = LocalFiles.Read(file);
        var problems = new JsonProblems(file, text);
        var document = RoutesDocument.Compile(text, problems);
        return document is null && isOurs ? throw new UsageException(problems.ToString()) { ExitCode = 1 } : document;
    }

    /// <summary>Whether calls or scripts of this run may reach more than the local servers.</summary>
    private static bool LetsTextOut(LocalOptions options, WorldFile world) =>
        options.Network.Count > 0
        || options.Shell == ScriptShell.Host
        || options.Environment.Any(pair => pair.StartsWith("FASTTRIGGER_NETWORK=", StringComparison.Ordinal))
        || world.Instances.Any(instance => instance.Network == "host");

    private static string? FindWorld(LocalOptions options, string routes)
    {
        var neighbour = Path.Combine(Path.GetDirectoryName(routes)!, "world.json");
        return options.World ?? (File.Exists(neighbour) ? neighbour : null);
    }

    private static WorldFile LoadWorld(string? path)
    {
        try
        {
            if (path is null)
            {
                return new();
            }

            LocalFiles.CheckExists(path);
            return WorldReader.Load(path);
        }
        catch (InvalidDataException e)
        {
            throw new UsageException(e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--world: {e.Message}");
        }
    }

    private static async Task<LocalAwsServer> StartServersAsync(int port, Func<Task<LocalAwsServer>> start)
    {
        try
        {
            return await start();
        }
        catch (IOException e) when (port != 0)
        {
            throw new UsageException($"--port {port}: {e.Message}\nname another port, or 0 for a free one");
        }
    }

    private static void SetDefaults(
        Dictionary<string, string> environment,
        LocalAwsServer aws,
        string routes,
        IReadOnlyList<string> network)
    {
        environment["FASTTRIGGER_ROUTES"] = Path.GetFullPath(routes);
        environment["AWS_ACCESS_KEY_ID"] = LocalKeys.AccessKeyId;
        environment["AWS_SECRET_ACCESS_KEY"] = LocalKeys.SecretAccessKey;
        environment["AWS_SESSION_TOKEN"] = LocalKeys.SessionToken;
        environment["AWS_ENDPOINT_URL"] = aws.HttpsUrl;
        environment["AWS_CA_BUNDLE"] = aws.AuthorityFile;
        environment["SSL_CERT_FILE"] = aws.AuthorityFile;
        // For functions in JavaScript that coldstart compares.
        environment["NODE_EXTRA_CA_CERTS"] = aws.AuthorityFile;
        environment["AWS_LAMBDA_LOG_FORMAT"] = "JSON";
        environment["SITE"] = aws.SiteUrl;
        environment["FASTTRIGGER_ONCE_TABLE"] = OnceTable;
        if (!network.Contains("*"))
        {
            var local = ((string[])[aws.HttpUrl, aws.HttpsUrl, aws.SiteUrl]).Select(static url => new Uri(url).Authority);
            environment["FASTTRIGGER_NETWORK"] = string.Join(',', local.Concat(network));
        }
    }

    private static void Apply(Dictionary<string, string> environment, IReadOnlyList<string> pairs)
    {
        foreach (var pair in pairs)
        {
            var equals = pair.IndexOf('=');
            if (equals < 1)
            {
                throw new UsageException($"--env takes NAME=VALUE, not '{pair}'");
            }

            environment[pair[..equals]] = pair[(equals + 1)..];
        }
    }

    /// <summary>Makes a signed call to each service, so that the function does not wait while the servers' code is compiled.</summary>
    private static void WarmUp(LocalWorld world, Dictionary<string, string> environment, string region)
    {
        var settings = Settings.Read(environment.GetValueOrDefault, []);
        using var client = new AwsClient(new(settings));
        var deadline = Deadline.In(settings.Clock, 10_000);
        _ = new Ec2Client(client, region).DescribeTags(["i-00000000"], ["none"], [], deadline);
        _ = new SsmClient(client, region).ListCommands(Guid.Empty.ToString(), [], deadline);
        world.ForgetCalls();
    }
}
