using System.Diagnostics;

namespace FastTrigger.Tests.Support;

/// <summary>OpenSSL's own server, in a child process. It offers what .NET's server refuses to.</summary>
internal sealed class OpenSslServer : IDisposable
{
    private readonly Process _process;

    private OpenSslServer(Process process, int port)
    {
        _process = process;
        Port = port;
    }

    public int Port { get; }

    /// <param name="options">Options of s_server, such as -tls1_2 for its only version of TLS.</param>
    public static async Task<OpenSslServer> StartAsync(string certificate, string key, params string[] options)
    {
        string[] files = ["-cert", certificate, "-key", key];
        string[] arguments = ["s_server", "-accept", "127.0.0.1:0", .. files, .. options, "-cipher", "DEFAULT:@SECLEVEL=0", "-www"];
        var start = new ProcessStartInfo("openssl", arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        // Debian's own configuration refuses TLS 1.1 on the server, before the client can.
        start.Environment["OPENSSL_CONF"] = "/dev/null";
        var process = Process.Start(start)!;
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            // "ACCEPT 127.0.0.1:40123"
            if (line.StartsWith("ACCEPT ", StringComparison.Ordinal))
            {
                return new(process, int.Parse(line[(line.LastIndexOf(':') + 1)..], provider: null));
            }
        }

        throw new InvalidOperationException("openssl s_server did not start: " + await process.StandardError.ReadToEndAsync());
    }

    public void Dispose()
    {
        _process.Kill();
        _process.Dispose();
    }
}
