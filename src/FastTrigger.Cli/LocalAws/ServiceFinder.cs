using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace FastTrigger.Cli.LocalAws;

/// <summary>The services of the local AWS, and which of them a request is for.</summary>
internal sealed class ServiceFinder
{
    private const string MissingToken = "MissingAuthenticationTokenException";

    private readonly LocalService[] _services;

    /// <param name="deliver">Receives the events of PutEvents.</param>
    public ServiceFinder(LocalWorld world, Action<string, string, byte[]> deliver)
    {
        var sqs = new SqsService(world);
        _services =
        [
            new Ec2Service(world),
            new SsmService(world),
            new StsService(world),
            new AutoScalingService(world),
            new DynamoDbService(world),
            sqs,
            new SqsQueryService(sqs),
            new EventsService(world, deliver),
            new CodePipelineService(),
            new ConfigService(),
        ];
    }

    public IReadOnlyList<LocalService> All => _services;

    /// <summary>
    /// The service of a request by its X-Amz-Target, else by the scope of its signature; null when it is not served here.
    /// </summary>
    public LocalService? Find(HttpRequest request) => request.Headers["x-amz-target"].ToString() is { Length: > 0 } target
        ? _services.OfType<LocalJsonService>().FirstOrDefault(service => target.StartsWith(service.Target, StringComparison.Ordinal))
        : _services.OfType<LocalQueryService>().FirstOrDefault(service => service.Name == SignatureCheck.Service(request));

    /// <summary>Answers a request for a service that is not served here, in the protocol that its client reads.</summary>
    public async Task RefuseAsync(HttpContext context)
    {
        var (code, message) = Refusal(context.Request);
        var status = code == MissingToken ? 403 : 400;
        context.Response.Headers["x-amzn-ErrorType"] = code;
        var isXml = context.Request.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.Ordinal) == true;
        if (isXml || SignatureCheck.Service(context.Request) == "s3")
        {
            var error = $"<Error><Type>Sender</Type><Code>{code}</Code><Message>{LocalQueryService.Xml(message)}</Message></Error>";
            await AwsResponse.WriteAsync(context, status, "text/xml", isXml ? $"<ErrorResponse>{error}</ErrorResponse>" : error);
            return;
        }

        var document = new JsonObject { ["__type"] = code, ["message"] = message };
        await AwsResponse.WriteAsync(context, status, "application/json", document.ToJsonString());
    }

    private (string Code, string Message) Refusal(HttpRequest request)
    {
        var target = request.Headers["x-amz-target"].ToString();
        var service = SignatureCheck.Service(request);
        if (service is null && target.Length == 0)
        {
            return (MissingToken, "Request is missing Authentication Token");
        }

        var names = _services.Select(known => known.Name).Append("lambda (Invoke)").Distinct().Order(StringComparer.Ordinal);
        var asked = service == "lambda" ? $"{request.Method} {request.Path} of lambda" : service ?? target.Split('.')[0];
        var operation = target.Length > 0 ? $" ({target})" : "";
        return ("UnknownOperationException", $"The local AWS does not serve {asked}{operation}. It serves {string.Join(", ", names)}.");
    }
}
