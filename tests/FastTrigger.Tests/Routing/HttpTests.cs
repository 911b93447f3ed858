using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using FastTrigger.Cli.LocalAws;
using FastTrigger.Cli.Samples;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Routing;

/// <summary>HTTP requests: who may send them (C6.4), and what they are answered.</summary>
public sealed class HttpTests
{
    private const string Key = "of the plant", Instance = "i-0aaaaaaaaaaaaaaa1";

    private static readonly WorldFile s_world = new()
    {
        Sites = [new() { Path = "/up", Status = 200, Body = "good" }],
        Parameters = new Dictionary<string, string> { ["/plant/hmac"] = Key },
        Tables = ["once"],
        Documents = [new() { Name = "Plant-Restart", Script = "true" }],
        Instances = [new() { Id = Instance, Tags = new Dictionary<string, string> { ["Role"] = "pump-controller" } }],
    };

    private static readonly string[] s_requests = ["http", "http-url", "http-1.0", "http-rest", "http-alb", "http-alb-lists"];

    [Fact]
    public async Task A_request_is_one_item_with_method_path_headers_and_body_whatever_brings_it()
    {
        await using var fixture = await StartAsync(Routes("\"none\"", """{"path":["/valves/V-22"],"httpMethod":["POST"],"body":{"valve":["V-22"],"open":[true]},"$or":[{"headers":{"user-agent":[{"prefix":"curl/"}]}},{"multiValueHeaders":{"user-agent":[{"prefix":"curl/"}]}}]}"""));
        foreach (var name in s_requests)
        {
            Assert.Equal((200, "done"), Status(fixture.Handle(SampleEvents.Read(name))));
        }
    }

    [Fact]
    public async Task Path_parameters_reach_an_action()
    {
        await using var fixture = await StartAsync(Routes("\"none\"", """{"httpMethod":["POST"]}""", """{"run-command":{"targets":{"tag:Role":["pump-controller"]},"commands":["echo valve $VALVE"],"environment":{"VALVE":"${event.pathParameters.valve}"},"wait":{"timeout":"10s"}}}"""));
        Assert.Equal((200, "done"), Status(fixture.Handle(SampleEvents.Read("http"))));
        Assert.Equal("valve V-22\n", fixture.Aws.World.Commands.Values.Single().Invocations.Single().StandardOutput);
    }

    [Theory]
    [InlineData("""{"check-website":{"url":"${env.SITE}up"}}""", 200, "done")]
    [InlineData("""{"run-command":{"targets":{"tag:Role":["pump-controller"]},"commands":["true"]}}""", 202, "accepted")]
    [InlineData("""{"run-command":{"targets":{"tag:Role":["pump-controller"]},"commands":["true"],"wait":{"timeout":"10s"}}}""", 200, "done")]
    [InlineData("""{"run-command":{"targets":{"tag:Role":["pump-controller"]},"commands":["true"],"environment":{"VALVE":"${event.nothing}"}}}""", 422, "failed")]
    [InlineData("""{"run-command":{"targets":{"tag:Role":["nobody"]},"commands":["true"]}}""", 503, "retry")]
    public async Task What_became_of_it_is_the_status_and_one_word(string action, int status, string outcome)
    {
        await using var fixture = await StartAsync(Routes("\"none\"", """{"httpMethod":["POST"]}""", action));
        Assert.Equal((status, outcome), Status(fixture.Handle(SampleEvents.Read("http"))));
    }

    [Fact]
    public async Task Whoever_is_to_ask_again_is_told_when()
    {
        const string Command = """{"run-command":{"targets":{"tag:Role":["pump-controller"]},"commands":["true"],"once":false,"confirm":false}}""";
        await using var throttled = await StartAsync(Routes("\"none\"", """{"httpMethod":["POST"]}""", Command), s_world with { Faults = [new() { Operation = "SendCommand", Kind = FaultKind.Throttle, Times = 50 }] });
        var (answer, error, _) = throttled.Handle(SampleEvents.Read("http"), seconds: 3);
        Assert.Null(error);
        Assert.True(answer.GetProperty("statusCode").GetInt32() is 429 or 504, answer.GetRawText());
        if (answer.GetProperty("statusCode").GetInt32() == 429)
        {
            Assert.Equal("2", answer.GetProperty("headers").GetProperty("retry-after").GetString());
        }

        await using var absent = await StartAsync(Routes("\"none\"", """{"httpMethod":["POST"]}""", """{"run-command":{"targets":{"tag:Role":["nobody"]},"commands":["true"]}}"""));
        Assert.Equal("5", absent.Handle(SampleEvents.Read("http")).Answer.GetProperty("headers").GetProperty("retry-after").GetString());
        Assert.Equal((504, "timeout"), Status(absent.Handle(SampleEvents.Read("http"), seconds: 0)));
    }

    [Fact]
    public async Task The_answer_has_the_id_by_which_the_log_has_it_and_nothing_of_the_inside()
    {
        await using var fixture = await StartAsync(Routes("\"none\"", """{"httpMethod":["POST"]}""", """{"check-website":{"url":"${env.SITE}secret-place"}}"""));
        var (answer, _, _) = fixture.Handle(SampleEvents.Read("http"));
        Assert.Equal("""{"outcome":"failed","correlationId":"request-1"}""", answer.GetProperty("body").GetString());
        Assert.DoesNotContain("secret-place", answer.GetRawText(), StringComparison.Ordinal);
        Assert.Contains(fixture.Logs, log => log.GetProperty("requestId").GetString() == "request-1" && log.GetRawText().Contains("404", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Each_form_is_answered_in_its_own_words()
    {
        await using var fixture = await StartAsync(Routes("\"none\"", """{"nothing":["like this"]}"""));
        const string Body = """{\u0022outcome\u0022:\u0022unmatched\u0022,\u0022correlationId\u0022:\u0022request-1\u0022}""";
        var body = Body.Replace("\\u0022", "\\\"", StringComparison.Ordinal);
        foreach (var name in (string[])["http", "http-url", "http-1.0", "http-rest", "http-websocket"])
        {
            Assert.Equal($$$"""{"statusCode":404,"headers":{"content-type":"application/json","cache-control":"no-store"},"body":"{{{body}}}","isBase64Encoded":false}""", fixture.Handle(SampleEvents.Read(name)).Answer.GetRawText());
        }

        Assert.Equal($$$"""{"statusCode":404,"statusDescription":"404 Not Found","headers":{"content-type":"application/json","cache-control":"no-store"},"body":"{{{body}}}","isBase64Encoded":false}""", fixture.Handle(SampleEvents.Read("http-alb")).Answer.GetRawText());
        Assert.Equal($$$"""{"statusCode":404,"statusDescription":"404 Not Found","multiValueHeaders":{"content-type":["application/json"],"cache-control":["no-store"]},"body":"{{{body}}}","isBase64Encoded":false}""", fixture.Handle(SampleEvents.Read("http-alb-lists")).Answer.GetRawText());
    }

    [Fact]
    public async Task A_load_balancers_health_check_is_answered_and_reaches_no_route()
    {
        await using var fixture = await StartAsync(Routes("\"none\"", """{"httpMethod":["GET"]}""", """{"check-website":{"url":"${env.SITE}missing"}}"""));
        Assert.Equal((200, "done"), Status(fixture.Handle(SampleEvents.Read("http-alb-health"))));
        Assert.DoesNotContain(fixture.Logs, log => log.GetProperty("message").GetString() == "action");
        // Anybody can say so to an API Gateway, where nobody asks for one's health.
        var posing = SampleEvents.Read("http").Replace("curl/8.5.0", "ELB-HealthChecker/2.0", StringComparison.Ordinal);
        Assert.Equal((404, "unmatched"), Status(fixture.Handle(posing)));
    }

    [Fact]
    public async Task A_route_that_does_not_name_http_takes_no_request_however_wide_its_pattern_is_C1_3()
    {
        await using var fixture = await StartAsync("""{"allow":{"hosts":["localhost"]},"routes":[{"name":"wide","when":{"requestContext":{"accountId":[{"exists":true}]}},"do":[{"check-website":{"url":"${env.SITE}up"}}]}]}""");
        Assert.Equal((404, "unmatched"), Status(fixture.Handle(SampleEvents.Read("http"))));
    }

    [Theory]
    [InlineData("\"from\":[\"http\"],", "a route that takes HTTP requests says who may send them")]
    [InlineData("\"auth\":\"none\",", "'auth' stands beside")]
    [InlineData("\"from\":[\"sqs\"],\"auth\":\"none\",", "'auth' stands beside")]
    [InlineData("\"from\":[\"http\"],\"auth\":\"all\",", "'auth' takes")]
    [InlineData("\"from\":[\"http\"],\"auth\":{\"iam\":{\"principals\":[\"*\"]}},", "'principals' takes ARNs")]
    [InlineData("\"from\":[\"http\"],\"auth\":{\"iam\":{}},", "principals")]
    [InlineData("\"from\":[\"http\"],\"auth\":{\"jwt\":{\"claims\":{}}},", "'claims' takes")]
    [InlineData("\"from\":[\"http\"],\"auth\":{\"hmac\":{\"secret\":\"letmein\"}},", "a secret does not stand in the file")]
    [InlineData("\"from\":[\"http\"],\"auth\":{\"hmac\":{\"secret\":\"${event.body.secret}\"}},", "text that an event brings may not go here")]
    [InlineData("\"from\":[\"http\"],\"auth\":{\"iam\":{\"principals\":[\"arn:x\"]},\"jwt\":{\"claims\":{\"a\":[\"b\"]}}},", "'auth' takes")]
    [InlineData("\"from\":[\"http\"],\"auth\":{\"basic\":{}},", "'basic' is nothing")]
    public void A_route_says_who_may_call_it_in_one_of_four_forms_C6_4(string settings, string problem)
    {
        Assert.Null(RoutesText.Read($$$"""{"routes":[{"name":"a",{{{settings}}}"when":{"x":["y"]},"do":[{"tag":{"tags":{"a":"b"} } }]}]}""", out var problems));
        Assert.Contains(problem, problems, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http-url", "arn:aws:iam::123456789012:role/PlantOperator", 200)]
    [InlineData("http-rest", "arn:aws:iam::123456789012:role/PlantOperator", 200)]
    [InlineData("http-url", "arn:aws:sts::123456789012:assumed-role/PlantOperator/*", 200)]
    [InlineData("http-url", "arn:aws:iam::123456789012:role/Plant", 403)]
    [InlineData("http-url", "arn:aws:iam::210987654321:role/PlantOperator", 403)]
    [InlineData("http-url", "arn:aws-cn:iam::123456789012:role/PlantOperator", 403)]
    [InlineData("http", "arn:aws:iam::123456789012:role/PlantOperator", 401)]
    [InlineData("http-alb", "arn:*", 401)]
    [InlineData("http-websocket", "arn:*", 401)]
    public async Task Iam_lets_in_whom_AWS_has_authenticated_and_the_route_names_C6_4(string sample, string principal, int status)
    {
        await using var fixture = await StartAsync(Routes($$$"""{"iam":{"principals":["{{{principal}}}"]}}""", """{"isBase64Encoded":[true,false]}"""));
        Assert.Equal(status, Status(fixture.Handle(SampleEvents.Read(sample))).Status);
    }

    [Fact]
    public async Task Who_one_is_cannot_be_claimed_in_what_a_client_writes_C6_4()
    {
        await using var fixture = await StartAsync(Routes("""{"iam":{"principals":["arn:aws:iam::123456789012:role/PlantOperator"]}}""", """{"isBase64Encoded":[true,false]}"""));
        const string Arn = "arn:aws:sts::123456789012:assumed-role/PlantOperator/x";
        foreach (var sample in (string[])["http", "http-1.0", "http-alb"])
        {
            var request = JsonNode.Parse(SampleEvents.Read(sample))!;
            request["headers"]!["x-amzn-iam-userarn"] = Arn;
            request["body"] = "{\"requestContext\":{\"authorizer\":{\"iam\":{\"userArn\":\"" + Arn + "\"}}}}";
            request["isBase64Encoded"] = false;
            request["userArn"] = Arn;
            // The other form's place does not count either.
            request["requestContext"]![sample == "http" ? "identity" : "authorizer"] = sample == "http" ? new JsonObject { ["userArn"] = Arn } : new JsonObject { ["iam"] = new JsonObject { ["userArn"] = Arn } };
            if (sample == "http-alb")
            {
                request["requestContext"]!["identity"] = new JsonObject { ["userArn"] = Arn };
            }

            Assert.Equal((401, "unauthenticated"), Status(fixture.Handle(request.ToJsonString())));
        }
    }

    [Theory]
    [InlineData("http", """{"iss":["https://cognito-idp.us-east-1.amazonaws.com/us-east-1_EXAMPLE"],"scope":["valves/open"]}""", 200)]
    [InlineData("http-1.0", """{"scope":["valves/open","valves/close"]}""", 200)]
    [InlineData("http", """{"scope":["valves/close"]}""", 403)]
    [InlineData("http", """{"scope":["valves/open"],"client_id":["other"]}""", 403)]
    [InlineData("http", """{"missing":["x"]}""", 403)]
    [InlineData("http-url", """{"scope":["valves/open"]}""", 401)]
    [InlineData("http-rest", """{"scope":["valves/open"]}""", 401)]
    [InlineData("http-alb", """{"scope":["valves/open"]}""", 401)]
    public async Task Jwt_lets_in_by_claims_that_API_Gateway_has_verified_C6_4(string sample, string claims, int status)
    {
        await using var fixture = await StartAsync(Routes($$$"""{"jwt":{"claims":{{{claims}}} } }""", """{"isBase64Encoded":[true,false]}"""));
        Assert.Equal(status, Status(fixture.Handle(SampleEvents.Read(sample))).Status);
    }

    [Theory]
    [InlineData("cognito:groups", "[ops admin]", 200)]
    [InlineData("cognito:groups", "ops,admin", 200)]
    [InlineData("groups", "administrators", 403)]
    [InlineData("nickname", "ops admin", 403)]
    [InlineData("nickname", "[admin]", 403)]
    [InlineData("scope", "ops,admin", 403)]
    public async Task Words_of_a_claim_count_only_where_it_is_a_list_C6_4(string claim, string value, int status)
    {
        await using var fixture = await StartAsync(Routes($$$"""{"jwt":{"claims":{"{{{claim}}}":["admin"]} } }""", """{"httpMethod":["POST"]}"""));
        var request = JsonNode.Parse(SampleEvents.Read("http"))!;
        request["requestContext"]!["authorizer"]!["jwt"]!["claims"]![claim] = value;
        Assert.Equal(status, Status(fixture.Handle(request.ToJsonString())).Status);
    }

    [Fact]
    public async Task A_load_balancers_headers_are_no_claims_C6_4()
    {
        await using var fixture = await StartAsync(Routes("""{"jwt":{"claims":{"sub":["operator"]}}}""", """{"httpMethod":["POST"]}"""));
        var request = JsonNode.Parse(SampleEvents.Read("http-alb"))!;
        request["headers"]!["x-amzn-oidc-identity"] = "operator";
        request["headers"]!["x-amzn-oidc-data"] = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJvcGVyYXRvciJ9.";
        request["requestContext"]!["authorizer"] = new JsonObject { ["claims"] = new JsonObject { ["sub"] = "operator" }, ["jwt"] = new JsonObject { ["claims"] = new JsonObject { ["sub"] = "operator" } } };
        Assert.Equal((401, "unauthenticated"), Status(fixture.Handle(request.ToJsonString())));
    }

    [Fact]
    public async Task Hmac_lets_in_what_was_signed_once_whatever_brings_it_C6_4()
    {
        await using var fixture = await StartHmacAsync();
        foreach (var (index, sample) in s_requests.Index())
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
        Assert.Equal((403, "forbidden"), Status(fixture.Handle(request.Replace("\"isBase64Encoded\":false", "\"isBase64Encoded\":false,\"more\":1", StringComparison.Ordinal))));
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
        await using var table = await StartHmacAsync(s_world with { Faults = [new() { Operation = "PutItem", Kind = FaultKind.ServerError, Times = 100 }] });
        Assert.True(Status(table.Handle(Signed("http", 0), seconds: 4)).Status is 503 or 504);
        await using var secret = await StartHmacAsync(s_world with { Parameters = new Dictionary<string, string>() });
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

    [Fact]
    public async Task A_key_makes_a_repeated_request_one_C2_1()
    {
        await using var fixture = await StartAsync(Routes("\"none\"", """{"httpMethod":["POST"]}""", $$$"""{"run-command":{"targets":{"instanceIds":["{{{Instance}}}"]},"document":"Plant-Restart","once":{"per":"event"} } }"""));
        Assert.Equal((202, "accepted"), Status(fixture.Handle(SampleEvents.Read("http"))));
        Assert.Equal((200, "done"), Status(fixture.Handle(SampleEvents.Read("http-alb"))));
        Assert.Single(fixture.Aws.World.Commands);
        var long256 = SampleEvents.Read("http").Replace("8e03978e-40d5-43e8-bc93-6894a57f9324", new string('k', 256), StringComparison.Ordinal);
        Assert.Equal((422, "failed"), Status(fixture.Handle(long256)));
    }

    [Fact]
    public async Task A_handler_may_answer_with_a_body_or_with_the_whole_answer()
    {
        await using var aws = await AwsFixture.StartAsync(s_world);
        await using var body = RouterFixture.Over(aws.Another(), Routes("\"none\"", """{"httpMethod":["POST"]}""", """{"handler":{"name":"h"}}"""), ("h", (_, _, _) => ValueTask.FromResult(ActionResult.Done("") with { Answer = """{"valve":"open"}""" })));
        var answer = body.Handle(SampleEvents.Read("http")).Answer;
        Assert.Equal((200, """{"valve":"open"}"""), (answer.GetProperty("statusCode").GetInt32(), answer.GetProperty("body").GetString()));
        await using var whole = RouterFixture.Over(aws.Another(), Routes("\"none\"", """{"httpMethod":["POST"]}""", """{"handler":{"name":"h"}}"""), ("h", (_, _, _) => ValueTask.FromResult(ActionResult.Done("") with { Answer = """{"statusCode":418,"body":"tea"}""" })));
        Assert.Equal("""{"statusCode":418,"body":"tea"}""", whole.Handle(SampleEvents.Read("http")).Answer.GetRawText());
    }

    private static string HmacRoutes => Routes("""{"hmac":{"secret":"${ssm:/plant/hmac}"}}""", """{"isBase64Encoded":[true,false]}""");

    private static Task<RouterFixture> StartHmacAsync(WorldFile? world = null) => StartAsync(HmacRoutes, world);

    private static Task<RouterFixture> StartAsync(string routes, WorldFile? world = null) => RouterFixture.StartAsync(routes, world ?? s_world, ("FASTTRIGGER_ONCE_TABLE", "once"));

    private static string Routes(string auth, string when, string action = """{"check-website":{"url":"${env.SITE}up"}}""") =>
        $$$"""{"allow":{"hosts":["localhost"]},"routes":[{"name":"r","from":["http"],"auth":{{{auth}}},"when":{{{when}}},"do":[{{{action}}}]}]}""";

    private static (int Status, string Outcome) Status((JsonElement Answer, FastTrigger.Runtime.RuntimeError? Error, bool Exit) handled)
    {
        Assert.Null(handled.Error);
        var body = JsonDocument.Parse(handled.Answer.GetProperty("body").GetString()!).RootElement;
        Assert.Equal("request-1", body.GetProperty("correlationId").GetString());
        return (handled.Answer.GetProperty("statusCode").GetInt32(), body.GetProperty("outcome").GetString()!);
    }

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
        return request.ToJsonString().Replace(sample.StartsWith("http-rest", StringComparison.Ordinal) ? "\0" : "X-FastTrigger-", "x-fasttrigger-", StringComparison.Ordinal);
    }
}
