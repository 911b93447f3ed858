using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using FastTrigger.Core;
using FastTrigger.Json;

namespace FastTrigger.Events;

/// <summary>Whose words an HTTP request is told in, and its answer is expected in.</summary>
internal enum HttpForm
{
    /// <summary>API Gateway's REST APIs, and HTTP APIs with payload format 1.0 (docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html).</summary>
    Rest,

    /// <summary>HTTP APIs with payload format 2.0 (docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html) and Function URLs (docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html).</summary>
    Http,

    /// <summary>WebSocket APIs (docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-mapping-template-reference.html).</summary>
    WebSocket,

    /// <summary>Application Load Balancers (docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html).</summary>
    LoadBalancer,
}

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

    /// <summary>The claims of a token that API Gateway has verified; Undefined when it did not. A load balancer's headers never count.</summary>
    public JsonElement Claims => Form switch
    {
        HttpForm.Http => _root.Get("requestContext"u8).Get("authorizer"u8, "jwt"u8).Get("claims"u8),
        HttpForm.Rest => _root.Get("requestContext"u8).Get("authorizer"u8, "claims"u8),
        _ => default,
    };

    /// <summary>Null when the event tells of no request.</summary>
    public static HttpEvent? Read(JsonElement root)
    {
        var context = root.Get("requestContext"u8);
        // A request to an authorizer has all the rest, and no body.
        if (context.ValueKind != JsonValueKind.Object || root.Get("isBase64Encoded"u8).ValueKind is not (JsonValueKind.True or JsonValueKind.False))
        {
            return null;
        }

        if (root.Get("version"u8).IsText("2.0"u8))
        {
            return context.Get("http"u8).Text("method"u8) is { } verb && root.Text("rawPath"u8) is { } rawPath && root.Get("headers"u8).ValueKind == JsonValueKind.Object
                ? new(root, HttpForm.Http, verb, rawPath)
                : null;
        }

        if (root.Text("httpMethod"u8) is { } method && root.Text("path"u8) is { } path)
        {
            return context.Get("elb"u8, "targetGroupArn"u8).IsText() ? new(root, HttpForm.LoadBalancer, method, path)
                : root.Get("resource"u8).IsText() && context.Get("requestId"u8).IsText() ? new(root, HttpForm.Rest, method, context.Text("path"u8) ?? path)
                : null;
        }

        return context.Get("connectionId"u8).IsText() && context.Text("routeKey"u8) is { } key && context.Text("eventType"u8) is { } kind && kind is "CONNECT" or "MESSAGE" or "DISCONNECT"
            ? new(root, HttpForm.WebSocket, kind, key)
            : null;
    }

    /// <summary>The header of that name, which is given in lower case; null when there is none, or more than one.</summary>
    public string? Header(string name)
    {
        string? found = null;
        var several = Values("headers"u8).ValueKind != JsonValueKind.Object;
        foreach (var (key, value) in Pairs(several ? "multiValueHeaders"u8 : "headers"u8))
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

        var pairs = Pairs(Values("multiValueQueryStringParameters"u8).ValueKind == JsonValueKind.Object ? "multiValueQueryStringParameters"u8 : "queryStringParameters"u8);
        // A load balancer passes them on as they came, API Gateway has decoded them.
        return Form == HttpForm.LoadBalancer ? pairs.ConvertAll(static pair => (QueryText.Decode(pair.Name), QueryText.Decode(pair.Value))) : pairs;
    }

    /// <summary>The body's bytes as the client sent them.</summary>
    public byte[] Body()
    {
        var body = _root.Get("body"u8);
        return body.ValueKind != JsonValueKind.String ? []
            : IsBase64 ? Content.Decode(body) ?? []
            : Encoding.UTF8.GetBytes(body.GetString()!);
    }

    /// <summary>
    /// What patterns and values see: the event, whatever its form with `httpMethod` and `path`, the names of headers in lower case, and the body as JSON when it is a JSON
    /// object, else as text.
    /// </summary>
    public JsonElement Seen()
    {
        // Written as it came wherever it is not changed: a body may have six megabytes.
        var text = new ByteBuffer(JsonMarshal.GetRawUtf8Value(_root).Length + 256);
        var json = new JsonBuilder(text).BeginObject();
        var hasMethod = false;
        foreach (var member in _root.EnumerateObject())
        {
            hasMethod |= member.NameEquals("httpMethod"u8);
            json.Name(member.Name);
            if ((member.NameEquals("headers"u8) || member.NameEquals("multiValueHeaders"u8)) && member.Value.ValueKind == JsonValueKind.Object)
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
        return Content.Made([.. text.Span], _root);
    }

    private bool IsBase64 => _root.Get("isBase64Encoded"u8).ValueKind == JsonValueKind.True;

    /// <summary>rawPath begins with the stage's name, unless it is $default; `path` of the other forms never does.</summary>
    private string WithoutStage()
    {
        var stage = "/" + _root.Get("requestContext"u8).Text("stage"u8);
        return Path.StartsWith(stage, StringComparison.Ordinal) && stage.Length > 1 && (Path.Length == stage.Length || Path[stage.Length] == '/')
            ? Path.Length == stage.Length ? "/" : Path[stage.Length..]
            : Path;
    }

    private JsonElement Values(ReadOnlySpan<byte> name) => _root.Get(name);

    /// <summary>Names and values of an object of strings, or of lists of strings.</summary>
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
