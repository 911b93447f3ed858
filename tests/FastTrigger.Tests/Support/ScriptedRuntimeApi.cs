using System.Net.Sockets;

namespace FastTrigger.Tests.Support;

/// <summary>A Runtime API that returns a list of events and then 410, which ends the loop.</summary>
internal sealed class ScriptedRuntimeApi : IAsyncDisposable
{
    private readonly Queue<string> _next;
    private readonly SocketServer _server;

    /// <param name="next">Complete responses to GET next, in order.</param>
    /// <param name="result">Maps the request of a POST to its response. Null closes the connection.</param>
    public ScriptedRuntimeApi(IEnumerable<string> next, Func<string, string?>? result = null)
    {
        _next = new(next);
        result ??= _ => "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n";
        _server = new((_, stream, token) => ServeAsync(stream, result, token));
    }

    public List<string> Requests { get; } = [];

    public IEnumerable<string> Posts => Requests.Where(request => request.StartsWith("POST", StringComparison.Ordinal));

    public int Connections => _server.Accepted;

    public string Address => $"127.0.0.1:{_server.Port}";

    public static string Event(string id, string body, string headers = "") =>
        "HTTP/1.1 200 OK\r\n" +
        $"Lambda-Runtime-Aws-Request-Id: {id}\r\n" +
        $"Lambda-Runtime-Deadline-Ms: {DateTimeOffset.UtcNow.AddSeconds(30).ToUnixTimeMilliseconds()}\r\n" +
        $"Lambda-Runtime-Invoked-Function-Arn: {TestEnvironment.Arn}\r\n" +
        headers +
        $"Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}";

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task ServeAsync(NetworkStream stream, Func<string, string?> result, CancellationToken token)
    {
        while (await SocketServer.ReadRequestAsync(stream, token) is { } request)
        {
            string? answer;
            lock (_next)
            {
                Requests.Add(request);
                answer = request.StartsWith("GET", StringComparison.Ordinal)
                    ? _next.TryDequeue(out var next) ? next : "HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n"
                    : result(request);
            }

            if (answer is null)
            {
                return;
            }

            await stream.WriteAsync(Encoding.UTF8.GetBytes(answer), token);
        }
    }
}
