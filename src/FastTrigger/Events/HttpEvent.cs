using System.Runtime.InteropServices;
using System.Text.Json;
using FastTrigger.Core;
using FastTrigger.Json;

namespace FastTrigger.Events;

/// <summary>A request that came over HTTP, whatever tells of it.</summary>
internal sealed class HttpEvent
{
    private readonly JsonElement _root;

    private HttpEvent(JsonElement root, HttpForm form, string method, string path)
    {
        _root = root;
        Form = form;
        Method = method;
        Path = path;
    }

    public HttpForm Form { get; }

    public string Method { get; }

    /// <summary>As the client called it, with stage and base path.</summary>
    public string Path { get; }

    /// <summary>The caller as AWS itself has authenticated it; null when it did not. Nothing that a client sends gets there.</summary>
    public string? UserArn => Form switch
    {
        HttpForm.Http => _root.Get("requestContext"u8).Get("authorizer"u8, "iam"u8).Text("userArn"u8),
        HttpForm.Rest => _root.Get("requestContext"u8, "identity"u8).Text("userArn"u8),
        _ => null,
    };

    /// <summary>
    /// The claims of a token that API Gateway has verified; Undefined when it did not. A load balancer's headers never count.
    /// </summary>
    public JsonElement Claims => Form switch
    {
        HttpForm.Http => _root.Get("requestContext"u8).Get("authorizer"u8, "jwt"u8).Get("claims"u8),
        HttpForm.Rest => _root.Get("requestContext"u8).Get("authorizer"u8, "claims"u8),
        _ => default,
    };

    /// <summary>Whose Idempotency-Key it is: the caller that AWS has authenticated, the subject of a verified token, or anybody.</summary>
    public string Caller => UserArn is { } arn ? $"iam {arn}"
        : (Claims.Text("sub"u8) ?? Claims.Text("client_id"u8)) is { } subject ? $"jwt {Claims.Text("iss"u8)} {subject}"
        : "";

    /// <summary>
    /// A load balancer's own health check: it has one header. Every request of a client has those that the load balancer adds, such as
    /// X-Amzn-Trace-Id, so that a User-Agent alone claims nothing.
    /// </summary>
    public bool IsHealthCheck => Form == HttpForm.LoadBalancer && Method == "GET"
        && Header("user-agent")?.StartsWith("ELB-HealthChecker/", StringComparison.Ordinal) == true
        && Pairs("headers"u8).Count + Pairs("multiValueHeaders"u8).Count == 1 && Query().Count == 0 && Body() is { IsEmpty: true };

    /// <summary>Null when the event is no request of a known form.</summary>
    public static HttpEvent? Read(JsonElement root)
    {
        var context = root.Get("requestContext"u8);
        // A request to an authorizer has all the rest. A REST API's own test console leaves out isBase64Encoded.
        if (context.ValueKind != JsonValueKind.Object || AuthorizerSource.IsRequest(root)
            || root.Get("isBase64Encoded"u8).ValueKind is not (JsonValueKind.True or JsonValueKind.False or JsonValueKind.Undefined))
        {
            return null;
        }

        if (root.Get("version"u8).IsText("2.0"u8))
        {
            return context.Get("http"u8).Text("method"u8) is { } verb && root.Text("rawPath"u8) is { } rawPath
                && root.Get("headers"u8).ValueKind == JsonValueKind.Object
                ? new(root, HttpForm.Http, verb, rawPath)
                : null;
        }

        if (root.Text("httpMethod"u8) is { } method && root.Text("path"u8) is { } path)
        {
            return context.Get("elb"u8, "targetGroupArn"u8).IsText() ? new(root, HttpForm.LoadBalancer, method, path)
                : root.Get("resource"u8).IsText() && context.Get("requestId"u8).IsText()
                    ? new(root, HttpForm.Rest, method, context.Text("path"u8) ?? path)
                : null;
        }

        return context.Get("connectionId"u8).IsText() && context.Text("routeKey"u8) is { } key
            && context.Text("eventType"u8) is { } kind && kind is "CONNECT" or "MESSAGE" or "DISCONNECT"
            ? new(root, HttpForm.WebSocket, kind, key)
            : null;
    }

    /// <summary>
    /// Whether somebody waits for an HTTP answer, in whatever form: such an event never passes for a direct one, which routes take without
    /// `auth`.
    /// </summary>
    public static bool LooksLikeOne(JsonElement root)
    {
        var context = root.Get("requestContext"u8);
        var hasHeaders = Has(root, "headers"u8) || Has(root, "multiValueHeaders"u8);
        return Has(root, "rawPath"u8) || Has(root, "raw_path"u8)
            // An agent of Bedrock has httpMethod too, beside apiPath.
            || (Has(root, "httpMethod"u8) && (hasHeaders || Has(root, "path"u8) || Has(root, "resource"u8)))
            || (Has(root, "method"u8) && hasHeaders && (Has(root, "path"u8) || Has(root, "uri"u8)))
            || Has(context, "http"u8) || Has(context, "elb"u8) || Has(context, "apiId"u8) || Has(context, "connectionId"u8)
            || Has(context, "domainName"u8) || Has(context, "resourcePath"u8) || Has(context, "serviceNetworkArn"u8);

        static bool Has(JsonElement element, ReadOnlySpan<byte> name) => element.Get(name).ValueKind != JsonValueKind.Undefined;
    }

    /// <summary>Whether a header of that name, in lower case, is there at least once.</summary>
    public bool HasHeader(string name) => Headers().Exists(pair => pair.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The header of that name, which is given in lower case; null when there is none, or more than one.</summary>
    public string? Header(string name)
    {
        string? found = null;
        foreach (var (key, value) in Headers())
        {
            if (key.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                if (found is not null)
                {
                    return null;
                }

                found = value;
            }
        }

        return found;
    }

    /// <summary>The query's names and values, decoded.</summary>
    public List<(string Name, string Value)> Query()
    {
        if (Form == HttpForm.Http)
        {
            return QueryText.Parse(_root.Text("rawQueryString"u8) ?? "");
        }

        var hasLists = Values("multiValueQueryStringParameters"u8).ValueKind == JsonValueKind.Object;
        var pairs = Pairs(hasLists ? "multiValueQueryStringParameters"u8 : "queryStringParameters"u8);
        // A load balancer passes them on encoded, API Gateway has decoded them.
        return Form == HttpForm.LoadBalancer
            ? pairs.ConvertAll(static pair => (QueryText.Decode(pair.Name), QueryText.Decode(pair.Value)))
            : pairs;
    }

    /// <summary>
    /// What tells one request from another with the same Idempotency-Key: SHA-256 of method, path, query and body, in hexadecimal.
    /// </summary>
    public string Fingerprint()
    {
        var query = Query();
        // The values of one name have an order; the names have none.
        QueryText.Sort(query, static (a, b) => string.CompareOrdinal(a.Name, b.Name));
        var text = new ByteBuffer();
        var json = new JsonBuilder(text).BeginArray().Text(Method).Text(Path);
        foreach (var (name, value) in query)
        {
            json.Text(name).Text(value);
        }

        // The body as it came, in base64 or as text.
        json.Boolean(IsBase64).EndArray();
        var body = _root.Text("body"u8) ?? "";
        Span<byte> digest = stackalloc byte[Sha256.Size];
        Sha256.Hash(text.Append(body).Span, digest);
        return Convert.ToHexStringLower(digest);
    }

    /// <summary>
    /// Whether the body is said to be base64, and is none. Then nobody knows what the client sent, and nothing may be done with the rest.
    /// </summary>
    public bool IsBodyBroken => IsBase64 && Body() is null;

    /// <summary>The body's bytes as the client sent them; null when they are not known.</summary>
    public ReadOnlyMemory<byte>? Body()
    {
        var body = _root.Get("body"u8);
        return body.ValueKind != JsonValueKind.String ? ReadOnlyMemory<byte>.Empty
            : IsBase64 ? Content.Decode(body)
            : Content.Unescaped(body);
    }

    /// <summary>
    /// What patterns and values see: the event, whatever its form with `httpMethod` and `path`, the names of headers in lower case, and the
    /// body as JSON when it is a JSON object, else as text.
    /// </summary>
    public JsonElement Seen()
    {
        // What is not changed is copied as it stands: a body may have six megabytes.
        var text = new ByteBuffer(JsonMarshal.GetRawUtf8Value(_root).Length + 256);
        var json = new JsonBuilder(text).BeginObject();
        var hasMethod = false;
        foreach (var member in _root.EnumerateObject())
        {
            hasMethod |= member.NameEquals("httpMethod"u8);
            json.Name(member.Name);
            var isHeaders = member.NameEquals("headers"u8) || member.NameEquals("multiValueHeaders"u8);
            if (isHeaders && member.Value.ValueKind == JsonValueKind.Object)
            {
                json.BeginObject();
                foreach (var header in member.Value.EnumerateObject())
                {
                    json.Name(header.Name.ToLowerInvariant());
                    text.Append(JsonMarshal.GetRawUtf8Value(header.Value));
                }

                json.EndObject();
            }
            else if (member.NameEquals("body"u8) && IsBase64)
            {
                text.Append(Content.Value(Body(), member.Value));
            }
            else
            {
                var opened = member.NameEquals("body"u8) ? Content.OfText(member.Value) : default;
                text.Append(JsonMarshal.GetRawUtf8Value(opened.ValueKind == JsonValueKind.Object ? opened : member.Value));
            }
        }

        if (!hasMethod && Form == HttpForm.Http)
        {
            json.Member("httpMethod", Method).Member("path", WithoutStage());
        }

        json.EndObject();
        return Content.Made(text.Detach(), _root);
    }

    private bool IsBase64 => _root.Get("isBase64Encoded"u8).ValueKind == JsonValueKind.True;

    /// <summary>rawPath starts with the stage's name, unless it is $default; `path` of the other forms never does.</summary>
    private string WithoutStage()
    {
        var stage = _root.Get("requestContext"u8).Text("stage"u8);
        if (stage is null or "$default" || !Path.StartsWith('/') || !Path.AsSpan(1).StartsWith(stage, StringComparison.Ordinal))
        {
            return Path;
        }

        var rest = Path[(stage.Length + 1)..];
        return rest.Length == 0 ? "/" : rest[0] == '/' ? rest : Path;
    }

    private JsonElement Values(ReadOnlySpan<byte> name) => _root.Get(name);

    /// <summary>Names and values of an object of strings, or of lists of strings.</summary>
    private List<(string Name, string Value)> Headers() =>
        Pairs(Values("headers"u8).ValueKind == JsonValueKind.Object ? "headers"u8 : "multiValueHeaders"u8);

    private List<(string Name, string Value)> Pairs(ReadOnlySpan<byte> name)
    {
        var pairs = new List<(string Name, string Value)>();
        if (Values(name) is not { ValueKind: JsonValueKind.Object } members)
        {
            return pairs;
        }

        foreach (var member in members.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.String)
            {
                pairs.Add((member.Name, member.Value.GetString()!));
            }
            else if (member.Value.ValueKind == JsonValueKind.Array)
            {
                foreach (var value in member.Value.EnumerateArray())
                {
                    pairs.Add((member.Name, value.ValueKind == JsonValueKind.String ? value.GetString()! : ""));
                }
            }
        }

        return pairs;
    }
}
