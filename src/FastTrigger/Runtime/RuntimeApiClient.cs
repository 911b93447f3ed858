using System.Buffers.Text;
using System.Text;
using FastTrigger.Core;
using FastTrigger.Http;

namespace FastTrigger.Runtime;

/// <summary>
/// The Lambda Runtime API (docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html) over one kept connection: never through a proxy,
/// never with a timeout on /next, because the environment may be frozen for hours between two invocations.
/// </summary>
internal sealed class RuntimeApiClient : IDisposable
{
    private const string Version = "/2018-06-01/runtime/";

    private readonly Origin _origin;
    private readonly string _base;
    private readonly Clock _clock;
    private readonly ByteBuffer _request = new(4096);
    private HttpConnection? _connection;
    private string? _arn;

    /// <param name="connection">One that is open already; null to open one with the first request.</param>
    public RuntimeApiClient(Origin origin, Clock clock, HttpConnection? connection = null)
    {
        _connection = connection;
        _origin = origin;
        _base = origin.Path.TrimEnd('/') + Version;
        _clock = clock;
    }

    public string Url => $"http://{_origin.Authority}{_base}";

    /// <summary>Opens the connection, if there is none: whoever has time for it does it before the first request.</summary>
    public HttpProblem Connect()
    {
        if (_connection is { IsUsable: true })
        {
            return HttpProblem.None;
        }

        _connection?.Dispose();
        _connection = HttpConnection.OpenWaiting(_origin, Deadline.In(_clock, 10_000), _clock, out var refused);
        return refused;
    }

    /// <summary>Told of an event that there was no memory for, with its request id: nobody else hears of it here.</summary>
    public Action<string, RuntimeError>? Refused { get; init; }

    /// <summary>Waits for the next invocation. Null is the end of this process, for the reason given.</summary>
    public Invocation? Next(out string failure)
    {
        HttpProblem problem;
        while (!TryNext(out problem))
        {
        }

        if (!problem.IsNone)
        {
            failure = $"GET {Url}invocation/next: {problem.Detail}";
            return null;
        }

        var answer = _connection!.Response;
        var id = answer.Header("lambda-runtime-aws-request-id"u8);
        if (answer.Status != 200 || !IsRequestId(id))
        {
            var missing = answer.Status == 200 ? " without a usable Lambda-Runtime-Aws-Request-Id" : "";
            failure = $"GET {Url}invocation/next answered {answer.Status}{missing}";
            return null;
        }

        failure = "";
        return new()
        {
            RequestId = id,
            DeadlineMs = DeadlineOf(answer) ?? _clock.UnixMs + (15 * 60_000),
            FunctionArn = ArnOf(answer),
            Head = answer,
            Payload = answer.Body,
        };
    }

    /// <summary>False when there was no memory for an event, which is reported: Lambda keeps it. Then the next one is asked for.</summary>
    private bool TryNext(out HttpProblem problem)
    {
        Begin("GET "u8, "invocation/next").Append("\r\n"u8);
        try
        {
            problem = Exchange();
            return true;
        }
        catch (OutOfMemoryException) when (_connection?.Response.Header("lambda-runtime-aws-request-id"u8) is { } id && IsRequestId(id))
        {
            var size = _connection.Response.Header("content-length"u8);
            // The rest of the event is still to come by this connection.
            _connection.Dispose();
            _connection = null;
            problem = HttpProblem.None;
            HeapLimit.GiveBack();
            var error = new RuntimeError(HeapLimit.ErrorType, HeapLimit.Explain($"the event of {size} bytes"));
            PostError(id, error, out _);
            Refused?.Invoke(id, error);
            return false;
        }
    }

    /// <summary>Gives an invocation's answer. 0 when there was no answer to that, else its HTTP status.</summary>
    public int PostResponse(string requestId, ReadOnlySpan<byte> answer, out string failure) =>
        Post("invocation/", requestId, "/response", null, answer, out failure);

    /// <summary>Reports an invocation that failed.</summary>
    public int PostError(string requestId, RuntimeError error, out string failure) =>
        ReportError("invocation/", requestId, "/error", error, out failure);

    /// <summary>Reports that this function cannot start.</summary>
    public int PostInitError(RuntimeError error, out string failure) => ReportError("init", "", "/error", error, out failure);

    public void Dispose() => _connection?.Dispose();

    private static bool IsRequestId([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] string? id)
    {
        if (id is not { Length: > 0 and <= 128 })
        {
            return false;
        }

        foreach (var letter in id)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && letter is not ('-' or '_' or '.'))
            {
                return false;
            }
        }

        return true;
    }

    private static long? DeadlineOf(HttpResponse answer) =>
        answer.TryGetHeader("lambda-runtime-deadline-ms"u8, out var text)
            && Utf8Parser.TryParse(text, out long deadline, out var used)
            && used == text.Length
            && deadline >= 0
                ? deadline
                : null;

    /// <summary>It is the same from one invocation to the next, unless they come by different aliases.</summary>
    private string? ArnOf(HttpResponse answer)
    {
        if (!answer.TryGetHeader("lambda-runtime-invoked-function-arn"u8, out var arn) || arn.IsEmpty)
        {
            return null;
        }

        return _arn is not null && Ascii.Equals(arn, _arn) ? _arn : _arn = Encoding.UTF8.GetString(arn);
    }

    private int ReportError(string path, string id, string what, RuntimeError error, out string failure)
    {
        var body = new ByteBuffer();
        error.WriteTo(body);
        return Post(path, id, what, error, body.Span, out failure);
    }

    private int Post(string path, string id, string what, RuntimeError? error, ReadOnlySpan<byte> body, out string failure)
    {
        Begin("POST "u8, path, id, what).Append("Content-Type: application/json\r\n"u8);
        if (error is not null)
        {
            _request.Append("Lambda-Runtime-Function-Error-Type: "u8).Append(error.Type)
                .Append("\r\nLambda-Runtime-Function-XRay-Error-Cause: "u8);
            error.WriteCauseTo(_request);
            _request.Append("\r\n"u8);
        }

        _request.Append("Content-Length: "u8).Append(body.Length).Append("\r\n\r\n"u8).Append(body);
        // Lambda takes an answer once: a second one for the same invocation is refused with 400, so repeating it does no harm.
        var problem = Exchange();
        var status = problem.IsNone ? _connection!.Response.Status : 0;
        failure = status is >= 200 and < 300
            ? ""
            : $"POST {Url}{path}{id}{what}: {(problem.IsNone ? $"answered {status}" : problem.Detail)}";
        return status;
    }

    private ByteBuffer Begin(ReadOnlySpan<byte> method, string path, string id = "", string what = "") =>
        _request.Clear()
            .Append(method).Append(_base).Append(path).Append(id).Append(what)
            .Append(" HTTP/1.1\r\nHost: "u8).Append(_origin.Authority).Append("\r\n"u8);

    /// <summary>
    /// One exchange; once more on a new connection when this one turns out to be gone. There is no look before: the API is on the same
    /// machine, is never silent, and a look costs a system call for each request.
    /// </summary>
    private HttpProblem Exchange()
    {
        for (var attempt = 0; ; attempt++)
        {
            if (Connect() is { IsNone: false } refused)
            {
                return refused;
            }

            var problem = _connection!.Send(_request.Span, HttpLimits.RuntimeApi, Deadline.Never, Deadline.Never);
            if (problem.IsNone)
            {
                return problem;
            }

            _connection.Dispose();
            _connection = null;
            if (attempt > 0 || problem.Fault is not HttpFault.Reset)
            {
                return problem;
            }
        }
    }
}
