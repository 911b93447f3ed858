using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace FastTrigger.Cli.LocalAws;

/// <summary>
/// AWS on loopback over http and https: EC2, Systems Manager, STS, DynamoDB, SQS, EventBridge, Auto Scaling, CodePipeline and Config. It
/// checks every signature before it reads a body, injects the faults of the world, and receives responses for CloudFormation. The world's
/// websites have their own port.
/// </summary>
internal sealed class LocalAwsServer : IAsyncDisposable
{
    private const int MaxRequestBytes = 16 * 1024 * 1024;

    private readonly WebApplication _app;
    private readonly LocalWorld _world;
    private readonly LocalCertificates _certificates = new();
    private readonly ServiceFinder _services;
    private readonly Func<HttpContext, byte[], Task>? _lambda;
    private int[] _ports = [];

    private LocalAwsServer(
        LocalWorld world,
        int port,
        Func<HttpContext, byte[], Task>? lambda,
        Action<string, string, byte[]>? deliver)
    {
        _world = world;
        _services = new(world, deliver ?? ((_, _, _) => { }));
        _lambda = lambda;
        _app = LoopbackServer.Create(options =>
        {
            options.Limits.MaxRequestBodySize = MaxRequestBytes;
            options.ListenOnLoopback(port);
            options.ListenOnLoopback(0, listen => listen.UseHttps(_certificates.Server));
            options.ListenOnLoopback(0, listen => listen.UseHttps(_certificates.Server));
        });
        _app.Run(HandleAsync);
    }

    /// <summary>The endpoint URL for AWS's own clients, http://127.0.0.1:PORT.</summary>
    public string HttpUrl => $"http://127.0.0.1:{_ports[0]}";

    public string HttpsUrl => $"https://localhost:{_ports[1]}";

    public string SiteUrl => $"https://localhost:{_ports[2]}/";

    /// <summary>The file of the certificate authority, which is deleted with the world.</summary>
    public string AuthorityFile { get; private set; } = "";

    /// <summary>A certificate of the same authority for the same names, which has expired.</summary>
    public System.Security.Cryptography.X509Certificates.X509Certificate2 CreateExpiredCertificate() => _certificates.CreateExpired();

    /// <param name="lambda">Answers the requests for Lambda.</param>
    /// <param name="deliver">Receives the id of each event of PutEvents, the name of its event bus, and the event.</param>
    public static async Task<LocalAwsServer> StartAsync(
        LocalWorld world,
        int port = 0,
        Func<HttpContext, byte[], Task>? lambda = null,
        Action<string, string, byte[]>? deliver = null)
    {
        var server = new LocalAwsServer(world, port, lambda, deliver);
        server._ports = await server._app.StartOnPortsAsync();
        server.AuthorityFile = Path.Combine(world.Directory, "authority.pem");
        await File.WriteAllTextAsync(server.AuthorityFile, server._certificates.AuthorityPem);
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _certificates.Dispose();
    }

    private async Task HandleAsync(HttpContext context)
    {
        if (context.Connection.LocalPort == _ports[2])
        {
            await AnswerSiteAsync(context);
            return;
        }

        var body = await context.ReadBodyAsync();
        if (_lambda is not null && context.Request.Path.StartsWithSegments("/2015-03-31"))
        {
            await _lambda(context, body);
            return;
        }

        if (LocalResponseUrl.Is(context.Request))
        {
            await AnswerResponseUrlAsync(context, body);
            return;
        }

        if (_services.Find(context.Request) is not { } service)
        {
            await _services.RefuseAsync(context);
            return;
        }

        var call = new PendingCall(service);
        context.Response.Headers["x-amzn-RequestId"] = Guid.NewGuid().ToString();
        try
        {
            await AnswerAwsAsync(context, body, call);
        }
        catch (AwsError error)
        {
            _world.Record(call.Answered(error.Status, error.Code));
            await AwsResponse.WriteErrorAsync(context, call.Service, error);
        }
    }

    private async Task AnswerResponseUrlAsync(HttpContext context, byte[] body)
    {
        var (status, note, parameters) = (200, "", new JsonObject());
        try
        {
            parameters = LocalResponseUrl.Read(context.Request, body);
            if (_world.TakeFault(LocalResponseUrl.Operation) is { } fault)
            {
                throw new AwsError(fault.Kind == FaultKind.Error ? fault.Status : 503, "SlowDown", FaultInjection.Message);
            }
        }
        catch (AwsError error)
        {
            (status, note) = (error.Status, error.Code);
        }

        _world.Record(new("s3", "PutObject", status, parameters, note, DateTimeOffset.UtcNow, _world.Account));
        await AwsResponse.WriteAsync(context, status, "application/xml", "");
    }

    private async Task AnswerAwsAsync(HttpContext context, byte[] body, PendingCall call)
    {
        // The world has its own clock, so that a wrong clock can be simulated.
        context.Response.Headers.Date = _world.Now.ToString("r");
        if (context.Request.Method != "POST" || context.Request.Path != "/")
        {
            throw new AwsError(
                404,
                "UnknownOperationException",
                $"The local AWS does not support {context.Request.Method} {context.Request.Path}");
        }

        var service = call.Service;
        var target = context.Request.Headers["x-amz-target"].ToString();
        call.Operation = service.Peek(target, body);
        // A request that anybody may have sent is not read. Its operation is only recorded.
        var (signedService, account) = SignatureCheck.Verify(context.Request, body, _world);
        call.Account = account;
        if (signedService != service.Name)
        {
            throw new AwsError(
                403,
                "InvalidSignatureException",
                $"Credential should be scoped to correct service: '{service.Name}'.");
        }

        CheckContentType(context.Request, service);
        var read = service.Read(target, body);
        (call.Operation, call.Parameters) = (read.Name, read.Parameters);
        if (_world.Limits is { } limits && !limits.Admits(service.Name, call.Operation))
        {
            throw FaultInjection.Throttled(call);
        }

        var fault = _world.TakeFault(call.Operation);
        if (fault is not null && await FaultInjection.ApplyAsync(context, fault, call, _world, read.Run))
        {
            return;
        }

        var answer = read.Run();
        _world.Record(call.Answered(200, fault is null ? "" : fault.Kind.ToString()));
        await AwsResponse.WriteAsync(context, 200, service.ResponseType, answer);
    }

    private static void CheckContentType(HttpRequest request, LocalService service)
    {
        if (service is LocalJsonService && request.ContentType?.Split(';')[0] != service.ContentType)
        {
            throw new AwsError(400, "SerializationException", $"Content-Type is {request.ContentType}, not {service.ContentType}");
        }
    }

    private async Task AnswerSiteAsync(HttpContext context)
    {
        if (_world.TakeFault("site") is { Kind: FaultKind.Slow } slow)
        {
            await Task.Delay(slow.Milliseconds, context.RequestAborted);
        }

        var site = _world.Sites.GetValueOrDefault(context.Request.Path.Value ?? "/");
        if (site?.Location is { } location)
        {
            context.Response.Headers.Location = location;
        }

        var body = Encoding.UTF8.GetString(await context.ReadBodyAsync());
        _world.SiteRequests.Enqueue(new(context.Request.Method, context.Request.QueryString.Value ?? "", body));
        var text = site?.Body ?? "<h1>There is no such page.</h1>";
        await AwsResponse.WriteAsync(context, site?.Status ?? 404, "text/html; charset=utf-8", text);
    }
}
