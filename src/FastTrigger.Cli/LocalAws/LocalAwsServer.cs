using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace FastTrigger.Cli.LocalAws;

/// <summary>
/// AWS on loopback: EC2, Systems Manager, STS, DynamoDB, SQS, Auto Scaling, CodePipeline and Config over http and https, every signature checked, faults as the world orders them; what
/// CloudFormation is answered; and the world's websites on a port of their own.
/// </summary>
internal sealed class LocalAwsServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int[] _ports = [];
    private readonly LocalWorld _world;
    private readonly LocalCertificates _certificates = new();
    private readonly LocalService[] _services;
    private readonly Func<HttpContext, byte[], Task>? _lambda;

    private LocalAwsServer(LocalWorld world, int port, Func<HttpContext, byte[], Task>? lambda)
    {
        _world = world;
        _services = [new Ec2Service(world), new SsmService(world), new StsService(world), new AutoScalingService(world), new DynamoDbService(world), new SqsService(world), new CodePipelineService(), new ConfigService()];
        _lambda = lambda;
        _app = LoopbackServer.Create(options =>
        {
            options.Limits.MaxRequestBodySize = 16 * 1024 * 1024;
            options.ListenOnLoopback(port);
            options.ListenOnLoopback(0, listen => listen.UseHttps(_certificates.Server));
            options.ListenOnLoopback(0, listen => listen.UseHttps(_certificates.Server));
        });
        _app.Run(HandleAsync);
    }

    /// <summary>http://127.0.0.1:PORT, where AWS's own clients can be pointed.</summary>
    public string HttpUrl => $"http://127.0.0.1:{_ports[0]}";

    public string HttpsUrl => $"https://localhost:{_ports[1]}";

    public string SiteUrl => $"https://localhost:{_ports[2]}/";

    /// <summary>A file with the authority, gone with the world.</summary>
    public string AuthorityFile { get; private set; } = "";

    public static async Task<LocalAwsServer> StartAsync(LocalWorld world, int port = 0, Func<HttpContext, byte[], Task>? lambda = null)
    {
        var server = new LocalAwsServer(world, port, lambda);
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

        var call = new PendingCall(Find(context.Request));
        try
        {
            await AnswerAwsAsync(context, body, call);
        }
        catch (AwsError error)
        {
            Record(call, error.Status, error.Code);
            await WriteErrorAsync(context, call.Service, error.Status, error.Code, error.Message);
        }
    }

    /// <summary>Whose call this is: by its target, or by whom it is signed for.</summary>
    private LocalService Find(HttpRequest request)
    {
        if (request.Headers["x-amz-target"].ToString() is { Length: > 0 } target)
        {
            return _services.OfType<LocalJsonService>().FirstOrDefault(service => target.StartsWith(service.Target, StringComparison.Ordinal)) ?? _services[1];
        }

        var scope = request.Headers.Authorization.ToString().Split(',')[0].Split('/');
        return _services.FirstOrDefault(service => !service.IsJson && scope.Length > 3 && scope[3] == service.Name) ?? _services[0];
    }

    private async Task AnswerResponseUrlAsync(HttpContext context, byte[] body)
    {
        var (status, note, parameters) = (200, "", new JsonObject());
        try
        {
            parameters = LocalResponseUrl.Read(context.Request, body);
            if (_world.TakeFault("PutObject") is { } fault)
            {
                throw new AwsError(fault.Kind == FaultKind.Error ? fault.Status : 503, "SlowDown", "ordered by the world");
            }
        }
        catch (AwsError error)
        {
            (status, note) = (error.Status, error.Code);
        }

        _world.Record(new("s3", "PutObject", status, parameters, note, DateTimeOffset.UtcNow, _world.Account));
        await WriteAsync(context, status, "application/xml", "");
    }

    private async Task AnswerAwsAsync(HttpContext context, byte[] body, PendingCall call)
    {
        // A clock of AWS's own, so that one that is off can be imitated.
        context.Response.Headers.Date = _world.Now.ToString("r");
        if (context.Request.Method != "POST" || context.Request.Path != "/")
        {
            throw new AwsError(404, "UnknownOperationException", $"{context.Request.Method} {context.Request.Path} is nothing of AWS's that is carried out here");
        }

        var service = call.Service;
        string? operation = null;
        if (service is LocalJsonService json)
        {
            var target = context.Request.Headers["x-amz-target"].ToString();
            call.Operation = operation = target.StartsWith(json.Target, StringComparison.Ordinal) ? target[json.Target.Length..] : target;
            if (context.Request.ContentType != service.ContentType)
            {
                throw new AwsError(400, "SerializationException", $"Content-Type is {context.Request.ContentType}");
            }
        }

        var read = service.Read(operation, Encoding.UTF8.GetString(body));
        (call.Operation, call.Parameters) = (read.Name, read.Parameters);
        var (signedFor, account) = SignatureCheck.Verify(context.Request, body, _world);
        call.Account = account;
        if (signedFor != service.Name)
        {
            throw new AwsError(403, "InvalidSignatureException", $"Credential should be scoped to correct service: '{service.Name}'.");
        }

        var fault = _world.TakeFault(call.Operation);
        if (fault is not null && await BefallAsync(context, fault, call, read.Run))
        {
            return;
        }

        var answer = read.Run();
        Record(call, 200, fault is null ? "" : fault.Kind.ToString());
        await WriteAsync(context, 200, service.IsJson ? service.ContentType : "text/xml;charset=UTF-8", answer);
    }

    /// <summary>True when the call has had its end.</summary>
    private async Task<bool> BefallAsync(HttpContext context, Fault fault, PendingCall call, Func<string> run)
    {
        var ec2 = call.Service.Name == "ec2";
        switch (fault.Kind)
        {
            case FaultKind.Throttle:
                throw ec2 ? new AwsError(503, "RequestLimitExceeded", "Request limit exceeded.") : new AwsError(400, "ThrottlingException", "Rate exceeded");
            case FaultKind.ServerError:
                throw new AwsError(500, ec2 ? "InternalError" : "InternalServerError", "An internal error has occurred");
            case FaultKind.ExpiredToken:
                throw new AwsError(403, ec2 ? "RequestExpired" : "ExpiredTokenException", "The security token included in the request is expired");
            case FaultKind.Error:
                throw new AwsError(fault.Status, fault.Code, "ordered by the world");
            case FaultKind.InvalidInstanceId:
                throw new AwsError(400, "InvalidInstanceId", "Instances not in a valid state");
            case FaultKind.NotFound:
                foreach (var id in (call.Parameters as JsonObject)?["Resources"] as JsonArray ?? [])
                {
                    _world.UnknownUntil[id!.GetValue<string>()] = DateTimeOffset.UtcNow.AddMilliseconds(fault.Milliseconds);
                }

                return false;
            case FaultKind.Slow:
                await Task.Delay(fault.Milliseconds, context.RequestAborted);
                return false;
            case FaultKind.AcceptedThenServerError:
                run();
                throw new AwsError(500, ec2 ? "InternalError" : "InternalServerError", "An internal error has occurred");
            case FaultKind.Silent:
                Record(call, 0, fault.Kind.ToString());
                await HangAsync(context);
                return true;
            default:
                if (fault.Kind == FaultKind.AcceptedThenReset)
                {
                    run();
                }

                Record(call, 0, fault.Kind.ToString());
                Reset(context);
                return true;
        }
    }

    private void Record(PendingCall call, int status, string note) => _world.Record(new(call.Service.Name, call.Operation, status, call.Parameters, note, DateTimeOffset.UtcNow, call.Account));

    private static async Task HangAsync(HttpContext context)
    {
        try
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            context.Abort();
        }
    }

    /// <summary>With a linger time of 0, closing sends RST.</summary>
    private static void Reset(HttpContext context)
    {
        if (context.Features.Get<IConnectionSocketFeature>() is { } feature)
        {
            feature.Socket.LingerState = new(true, 0);
        }

        context.Abort();
    }

    private static Task WriteErrorAsync(HttpContext context, LocalService service, int status, string code, string message) => service is LocalQueryService query
        ? WriteAsync(context, status, "text/xml;charset=UTF-8", query.Error((query.Name, code) switch
        {
            // EC2 has names of its own for what the others call so.
            ("ec2", "InvalidSignatureException" or "UnrecognizedClientException") => "AuthFailure",
            ("ec2", "ExpiredTokenException") => "RequestExpired",
            (_, "InvalidSignatureException") => "SignatureDoesNotMatch",
            (_, "UnrecognizedClientException") => "InvalidClientTokenId",
            (_, "ExpiredTokenException") => "ExpiredToken",
            _ => code,
        }, message))
        : WriteAsync(context, status, service.ContentType, new JsonObject { ["__type"] = code, ["message"] = message }.ToJsonString());

    private static async Task WriteAsync(HttpContext context, int status, string type, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        context.Response.ContentLength = bytes.Length;
        context.Response.Headers["x-amzn-RequestId"] = Guid.NewGuid().ToString();
        await context.Response.Body.WriteAsync(bytes);
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

        if (context.Request.Method == "POST")
        {
            _world.SiteBodies.Enqueue(Encoding.UTF8.GetString(await context.ReadBodyAsync()));
        }

        await WriteAsync(context, site?.Status ?? 404, "text/html; charset=utf-8", site?.Body ?? "<h1>There is no such page.</h1>");
    }

    private sealed class PendingCall(LocalService service)
    {
        public LocalService Service => service;

        public string Account { get; set; } = "";

        public string Operation { get; set; } = "?";

        public JsonNode Parameters { get; set; } = new JsonObject();
    }
}
