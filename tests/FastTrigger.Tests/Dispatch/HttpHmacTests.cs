using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using FastTrigger.Cli.LocalAws;
using FastTrigger.Cli.Samples;
using FastTrigger.Tests.Support;
using static FastTrigger.Tests.Dispatch.HttpRoutes;

namespace FastTrigger.Tests.Dispatch;

/// <summary>Requests that their sender has signed (C6.4).</summary>
public sealed class HttpHmacTests
{
    [Fact]
    public async Task Hmac_lets_in_what_was_signed_once_whatever_brings_it_C6_4()
    {
        await using var fixture = await StartHmacAsync();
        foreach (var (index, sample) in Requests.Index())
        {
            // Of one second they would be one request, which comes through once.
            Assert.Equal((200, "done"), Status(fixture.Handle(Signed(sample, index))));
        }

        foreach (var seconds in (int[])[-290, 290])
        {
            Assert.Equal((200, "done"), Status(fixture.Handle(Signed("http", seconds))));
        }
    }

    [Fact]
    public async Task Hmac_refuses_a_replay_also_in_another_environment_C6_4()
    {
        await using var fixture = await StartHmacAsync();
        var request = Signed("http", 0);
        Assert.Equal((200, "done"), Status(fixture.Handle(request)));
        Assert.Equal((403, "forbidden"), Status(fixture.Handle(request)));
        await using var other = RouterFixture.Over(fixture.Aws.Another(), HmacRoutes);
        Assert.Equal((403, "forbidden"), Status(other.Handle(request)));
        // Only the signature counts: another spelling of the same request is the same.
        const string Member = "\"isBase64Encoded\":false";
        var respelled = request.Replace(Member, Member + ",\"more\":1", StringComparison.Ordinal);
        Assert.Equal((403, "forbidden"), Status(fixture.Handle(respelled)));
    }

    [Theory]
    [InlineData("body", "{\"valve\": \"V-23\", \"open\": true}")]
    [InlineData("rawPath", "/valves/V-23")]
    [InlineData("rawQueryString", "reason=drain%20tank&reason=T-5")]
    [InlineData("rawQueryString", "reason=drain%20tank%26reason%3DT-4")]
    [InlineData("method", "PUT")]
    [InlineData("x-fasttrigger-timestamp", "1")]
    [InlineData("x-fasttrigger-timestamp", "soon")]
    [InlineData("x-fasttrigger-timestamp", "")]
    [InlineData("x-fasttrigger-signature", "v1=")]
    [InlineData("x-fasttrigger-signature", "v1=0000000000000000000000000000000000000000000000000000000000000000")]
    public async Task Hmac_refuses_what_was_changed_after_it_was_signed_C6_4(string field, string value)
    {
        await using var fixture = await StartHmacAsync();
        var request = JsonNode.Parse(Signed("http", 0))!;
        if (field == "method")
        {
            request["requestContext"]!["http"]!["method"] = value;
        }
        else if (field.StartsWith("x-", StringComparison.Ordinal))
        {
            request["headers"]![field] = value;
        }
        else
        {
            request[field] = value;
        }

        Assert.True(Status(fixture.Handle(request.ToJsonString())).Status is 401 or 403);
        Assert.Empty(fixture.Aws.World.Tables["once"]);
    }

    [Theory]
    [InlineData(-310)]
    [InlineData(310)]
    public async Task Hmac_refuses_what_is_older_than_five_minutes_or_from_a_future_as_far_C6_4(int seconds)
    {
        await using var fixture = await StartHmacAsync();
        Assert.Equal((403, "forbidden"), Status(fixture.Handle(Signed("http", seconds))));
    }

    [Fact]
    public async Task Hmac_wants_one_signature_and_knows_another_secret_from_its_own_C6_4()
    {
        await using var fixture = await StartHmacAsync();
        Assert.Equal((401, "unauthenticated"), Status(fixture.Handle(SampleEvents.Read("http"))));
        Assert.Equal((403, "forbidden"), Status(fixture.Handle(Signed("http", 0, secret: "of another plant"))));
        Assert.Equal((403, "forbidden"), Status(fixture.Handle(Signed("http", 0, secret: ""))));
        // Two headers of one name, in another case: which one was checked?
        var twice = JsonNode.Parse(Signed("http-rest", 0))!;
        twice["headers"]!["X-FASTTRIGGER-SIGNATURE"] = "v1=00";
        Assert.Equal((401, "unauthenticated"), Status(fixture.Handle(twice.ToJsonString())));
    }

    [Fact]
    public async Task Hmac_lets_nobody_in_while_the_table_or_the_secret_cannot_be_asked_C6_4()
    {
        var fault = new Fault { Operation = "PutItem", Kind = FaultKind.ServerError, Times = 100 };
        await using var table = await StartHmacAsync(World with { Faults = [fault] });
        Assert.True(Status(table.Handle(Signed("http", 0), seconds: 4)).Status is 503 or 504);
        await using var secret = await StartHmacAsync(World with { Parameters = new Dictionary<string, string>() });
        Assert.Equal((422, "failed"), Status(secret.Handle(Signed("http", 0))));
        Assert.DoesNotContain(secret.Logs.Concat(table.Logs), log => log.GetProperty("message").GetString() == "action");
    }

    [Fact]
    public void Hmac_needs_the_table()
    {
        var table = RoutesText.Read(HmacRoutes, out _)!;
        Assert.True(table.NeedsOnceTable(out var route));
        Assert.Equal("r", route);
    }

    private static string HmacRoutes => Routes("""{"hmac":{"secret":"${ssm:/plant/hmac}"}}""", Every);

    private static Task<RouterFixture> StartHmacAsync(WorldFile? world = null) => StartAsync(HmacRoutes, world);

    /// <summary>A sample, signed as its client would, from what the client sends.</summary>
    private static string Signed(string sample, int seconds, string secret = Key)
    {
        var request = JsonNode.Parse(SampleEvents.Read(sample))!;
        var time = DateTimeOffset.UtcNow.AddSeconds(seconds).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var body = """{"valve": "V-22", "open": true}""";
        var path = sample == "http-rest" ? "/prod/valves/V-22" : "/valves/V-22";
        var query = sample == "http-alb" ? "reason=drain%20tank" : "reason=T-4&reason=drain%20tank";
        var text = $"{time}\nPOST\n{path}\n{query}\n{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)))}";
        var signature = "v1=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(text)));
        foreach (var name in (string[])["headers", "multiValueHeaders"])
        {
            if (request[name] is JsonObject headers)
            {
                headers["X-FastTrigger-Timestamp"] = name == "headers" ? time : new JsonArray(time);
                headers["X-FastTrigger-Signature"] = name == "headers" ? signature : new JsonArray(signature);
            }
        }

        // HTTP APIs and Function URLs send names in lower case.
        var signed = request.ToJsonString();
        return sample.StartsWith("http-rest", StringComparison.Ordinal)
            ? signed
            : signed.Replace("X-FastTrigger-", "x-fasttrigger-", StringComparison.Ordinal);
    }
}
