using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using FastTrigger.Aws;
using FastTrigger.Cli.Commands;
using FastTrigger.Configuration;
using FastTrigger.Core;
using FastTrigger.Http;

namespace FastTrigger.Cli.ColdStart;

/// <summary>Measures the local AWS endpoint itself: a signed call over an open connection by a client that only waits.</summary>
internal static partial class EndpointProbe
{
    private const int Calls = 2_000;

    /// <summary>The median in microseconds; null when the event names no taggable resource.</summary>
    public static double? Measure(LocalRun local, byte[] payload)
    {
        if (ResourceId().Match(Encoding.UTF8.GetString(payload)) is not { Success: true, Value: var id })
        {
            return null;
        }

        var settings = Settings.Read(local.Function.Settings.Environment.GetValueOrDefault, []);
        var region = local.Function.Settings.Region;
        var shared = new AwsShared(settings);
        var deadline = Deadline.In(settings.Clock, 60_000);
        if (shared.Endpoints.For("ec2", region, out _) is not { } origin || shared.Credentials.Get(deadline, out _) is not { } credentials)
        {
            return null;
        }

        using var connections = new AwsConnections(shared);
        using var connection = connections.Open(origin, region, deadline, out var problem)
            ?? throw new LabException($"the local AWS cannot be reached: {problem.Detail}");
        var body = $"Action=CreateTags&Version=2016-11-15&ResourceId.1={id}&Tag.1.Key=Owner&Tag.1.Value=laboratory";
        var request = Sign(origin, credentials, region, body);
        using var pinned = ChildProcess.Pin(0);
        var times = new List<double>(Calls);
        for (var i = 0; i < Calls; i++)
        {
            var started = Stopwatch.GetTimestamp();
            if (connection.Send(request.Span, HttpLimits.Aws, deadline, deadline) is { IsNone: false } broken)
            {
                throw new LabException($"the local AWS did not answer: {broken.Detail}");
            }

            times.Add(Stopwatch.GetElapsedTime(started).TotalMicroseconds);
        }

        return Statistics.Median(times.Skip(Calls / 4));
    }

    private static ByteBuffer Sign(Origin origin, AwsCredentials credentials, string region, string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var date = DateTime.UtcNow.ToString("yyyyMMdd'T'HHmmss'Z'", provider: null);
        (string Name, string Value)[] headers =
        [
            ("content-type", "application/x-www-form-urlencoded; charset=utf-8"),
            ("host", origin.Authority),
            ("x-amz-date", date),
            .. credentials.SessionToken is { } token ? (ReadOnlySpan<(string, string)>)[("x-amz-security-token", token)] : [],
        ];
        var request = new ByteBuffer().Append("POST / HTTP/1.1\r\n"u8);
        foreach (var (name, value) in headers)
        {
            request.Append(name).Append(": "u8).Append(value).Append("\r\n"u8);
        }

        request.Append("authorization: "u8);
        new SigV4Signer().Sign(request, new("POST", "/", [], headers), bytes, credentials, date, region, "ec2");
        return request.Append("\r\ncontent-length: "u8).Append(bytes.Length).Append("\r\n\r\n"u8).Append(bytes);
    }

    [GeneratedRegex("i-[0-9a-f]{17}|i-[0-9a-f]{8}")]
    private static partial Regex ResourceId();
}
