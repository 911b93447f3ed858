using FastTrigger.Aws;
using FastTrigger.Core;
using FastTrigger.Http;

namespace FastTrigger.Tests.Support;

/// <summary>One request to a local server, and its response.</summary>
internal static class Exchange
{
    public static readonly byte[] Get = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray();

    /// <summary>What EC2 answers a CreateTags that it has carried out.</summary>
    public const string Tagged = "<CreateTagsResponse><requestId>1</requestId><return>true</return></CreateTagsResponse>";

    public static Deadline Soon => Deadline.In(Clock.System, 20_000);

    /// <summary>A whole answer with this body.</summary>
    public static byte[] Ok(string body) => Encoding.UTF8.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n\r\n{body}");

    /// <summary>Takes the budget of repeated calls, so that no call is repeated and nothing waits.</summary>
    public static AwsShared WithoutRetries(this AwsShared shared)
    {
        while (shared.Budget.TryTake())
        {
        }

        return shared;
    }

    public static HttpConnection Open(int port, Clock? clock = null)
    {
        var origin = new Origin(false, "127.0.0.1", port, "/");
        var connection = HttpConnection.Open(origin, null, HttpProxy.None, Soon, clock ?? Clock.System, out var problem);
        Assert.True(connection is not null, problem.Detail);
        return connection;
    }

    public static HttpProblem Send(this HttpConnection connection, HttpLimits? limits = null, bool bodyExpected = true) =>
        connection.Send(Get, limits ?? HttpLimits.Aws, Soon, Soon, bodyExpected);

    public static string Text(this HttpResponse response) => Encoding.UTF8.GetString(response.Body.Span);
}
