using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;
using FastTrigger.Cli.LocalLambda;
using FastTrigger.Tests.Support;

namespace FastTrigger.NativeTests.Conformance;

/// <summary>A request of the function to the Runtime API.</summary>
internal sealed record RuntimeRequest(string Head, byte[] Body)
{
    public bool IsNext => Head.StartsWith("GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\n", StringComparison.Ordinal);

    /// <summary>Method and path.</summary>
    public string Line => Head[..Head.IndexOf(" HTTP/", StringComparison.Ordinal)];

    public string Text => Encoding.UTF8.GetString(Body);

    public string? Header(string name) => Head.Split("\r\n").Skip(1).Select(line => line.Split(": ", 2))
        .FirstOrDefault(pair => pair[0].Equals(name, StringComparison.OrdinalIgnoreCase))?[1];
}

/// <summary>The published function, and a Runtime API that is written by hand on a socket: a test says each byte of it.</summary>
internal sealed class RuntimePeer : IAsyncDisposable
{
    public const string Accepted = "HTTP/1.1 202 Accepted\r\nContent-Length: 16\r\n\r\n{\"status\":\"OK\"}\n";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly string _routes = Path.GetTempFileName();
    private readonly SocketServer _server;
    private readonly Process _process;
    private readonly Task _output, _error;

    /// <param name="answer">Writes the answer to a request. False closes the connection.</param>
    /// <param name="pieceBytes">How much it reads at a time.</param>
    private RuntimePeer(
        Func<RuntimeRequest, NetworkStream, Task<bool>> answer,
        string bootstrap,
        string routes,
        int concurrency,
        int pieceBytes)
    {
        File.WriteAllText(_routes, routes);
        _server = new(async (_, stream, token) =>
        {
            // Before a byte arrives: a receive buffer does not shrink. A smaller one would have the kernel wait for its own timers.
            stream.Socket.ReceiveBufferSize = 65536;
            while (await ReadAsync(stream, pieceBytes, token) is { } request)
            {
                Requests.Enqueue(request);
                if (!await answer(request, stream))
                {
                    return;
                }
            }
        });
        var settings = new FunctionSettings { Bootstrap = bootstrap, MaxConcurrency = concurrency, MemoryMegabytes = 512 };
        var start = new ProcessStartInfo(bootstrap) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.Clear();
        foreach (var (name, value) in settings.ProcessEnvironment())
        {
            start.Environment[name] = value;
        }

        start.Environment["AWS_LAMBDA_RUNTIME_API"] = $"127.0.0.1:{_server.Port}";
        start.Environment["AWS_LAMBDA_LOG_FORMAT"] = "JSON";
        start.Environment["FASTTRIGGER_ROUTES"] = _routes;
        start.Environment["FASTTRIGGER_WARM"] = "off";
        _process = Process.Start(start)!;
        _output = PumpAsync(_process.StandardOutput, Logs);
        _error = PumpAsync(_process.StandardError, Errors);
    }

    public ConcurrentQueue<RuntimeRequest> Requests { get; } = new();

    public ConcurrentQueue<string> Logs { get; } = new();

    public ConcurrentQueue<string> Errors { get; } = new();

    public IEnumerable<RuntimeRequest> Posts => Requests.Where(request => request.Line.StartsWith("POST", StringComparison.Ordinal));

    public int Connections => _server.Accepted;

    public int ProcessId => _process.Id;

    public string Everything =>
        string.Join('\n', Requests.Select(request => request.Line).Concat(Logs).Concat(Errors));

    public static RuntimePeer Start(
        Func<RuntimeRequest, NetworkStream, Task<bool>> answer,
        string handler = "raw",
        int concurrency = 1,
        string? routes = null,
        int pieceBytes = 65536) =>
        new(answer, Artifacts.Handlers, routes ?? Routes(handler), concurrency, pieceBytes);

    /// <summary>A peer that sends these answers to GET next, in turn, and then 410. It accepts every result, or as told.</summary>
    /// <param name="result">The answer to a POST. Null closes the connection.</param>
    public static RuntimePeer Scripted(IEnumerable<byte[]> next, string handler = "raw", Func<RuntimeRequest, string?>? result = null)
    {
        var queue = new ConcurrentQueue<byte[]>(next);
        return Start(
            async (request, stream) =>
            {
                var answer = request.IsNext
                    ? queue.TryDequeue(out var bytes) ? bytes : "HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n"u8.ToArray()
                    : (result is null ? Accepted : result(request)) is { } text ? Encoding.UTF8.GetBytes(text) : [];
                await stream.WriteAsync(answer);
                return answer.Length > 0;
            },
            handler);
    }

    public static string Routes(string handler) => $$"""
        {"routes": [{"name": "r", "when": {"name": [{"exists": true}]}, "do": [{"handler": {"name": "{{handler}}"} }]}]}
        """;

    /// <summary>An answer to GET next.</summary>
    public static byte[] Event(string id, string body, string headers = "", long? deadline = null) => Encoding.UTF8.GetBytes(
        $"HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id: {id}\r\n"
        + $"Lambda-Runtime-Deadline-Ms: {deadline ?? DateTimeOffset.UtcNow.AddMinutes(1).ToUnixTimeMilliseconds()}\r\n"
        + $"Lambda-Runtime-Invoked-Function-Arn: arn:aws:lambda:us-east-1:123456789012:function:f\r\n{headers}"
        + $"Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");

    public void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{_process.Id}"]);
        kill.WaitForExit();
    }

    /// <summary>Waits for the end of the process. Returns its exit code.</summary>
    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync(Artifacts.Token).WaitAsync(s_patience);
        await Task.WhenAll(_output, _error).WaitAsync(s_patience);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        await _server.DisposeAsync();
        _process.Dispose();
        File.Delete(_routes);
    }

    private static async Task PumpAsync(StreamReader reader, ConcurrentQueue<string> lines)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lines.Enqueue(line);
        }
    }

    private static async Task<RuntimeRequest?> ReadAsync(NetworkStream stream, int pieceBytes, CancellationToken token)
    {
        using var all = new MemoryStream();
        var buffer = new byte[pieceBytes];
        var head = -1;
        var size = 0;
        while (head < 0 || all.Length < head + size)
        {
            var count = await stream.ReadAsync(buffer, token);
            if (count == 0)
            {
                return null;
            }

            all.Write(buffer, 0, count);
            if (head < 0 && all.GetBuffer().AsSpan(0, (int)all.Length).IndexOf("\r\n\r\n"u8) is >= 0 and var end)
            {
                head = end + 4;
                var request = new RuntimeRequest(Encoding.Latin1.GetString(all.GetBuffer(), 0, end), []);
                size = int.Parse(request.Header("Content-Length") ?? "0", provider: null);
            }
        }

        var bytes = all.ToArray();
        return new(Encoding.Latin1.GetString(bytes, 0, head - 4), bytes[head..]);
    }
}
