using System.Text.Json.Nodes;
using FastTrigger.Cli.Samples;
using FastTrigger.Tests.Support;
using static FastTrigger.Tests.Dispatch.HttpRoutes;

namespace FastTrigger.Tests.Dispatch;

/// <summary>Who may send HTTP requests, by what AWS has authenticated (C6.4).</summary>
public sealed class HttpAuthTests
{
    [Theory]
    [InlineData("\"from\":[\"http\"],", "a route that takes HTTP requests says who may send them")]
    [InlineData("\"auth\":\"none\",", "'auth' stands beside")]
    [InlineData("\"from\":[\"sqs\"],\"auth\":\"none\",", "'auth' stands beside")]
    [InlineData("\"from\":[\"http\"],\"auth\":\"all\",", "'auth' takes")]
    [InlineData("\"from\":[\"http\"],\"auth\":{\"iam\":{\"principals\":[\"*\"]}},", "'principals' takes ARNs")]
    [InlineData("\"from\":[\"http\"],\"auth\":{\"iam\":{}},", "principals")]
    [InlineData("\"from\":[\"http\"],\"auth\":{\"jwt\":{\"claims\":{}}},", "'claims' takes")]
    [InlineData("\"from\":[\"http\"],\"auth\":{\"hmac\":{\"secret\":\"letmein\"}},", "a secret does not stand in the file")]
    [InlineData("\"from\":[\"http\"],\"auth\":{\"hmac\":{\"secret\":\"${event.body.secret}\"}},", "text from an event may not go here")]
    [InlineData(
        "\"from\":[\"http\"],\"auth\":{\"iam\":{\"principals\":[\"arn:x\"]},\"jwt\":{\"claims\":{\"a\":[\"b\"]}}},",
        "'auth' takes")]
    [InlineData("\"from\":[\"http\"],\"auth\":{\"basic\":{}},", "'basic' is not a key of auth")]
    public void A_route_says_who_may_call_it_in_one_of_four_forms_C6_4(string settings, string problem)
    {
        Assert.Null(RoutesText.Read(
            $$$"""{"routes":[{"name":"a",{{{settings}}}"when":{"x":["y"]},"do":[{"tag":{"tags":{"a":"b"} } }]}]}""",
            out var problems));
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
        await using var fixture = await StartAsync(Routes($$$"""{"iam":{"principals":["{{{principal}}}"]}}""", Every));
        Assert.Equal(status, Status(fixture.Handle(SampleEvents.Read(sample))).Status);
    }

    [Fact]
    public async Task Who_one_is_cannot_be_claimed_in_what_a_client_writes_C6_4()
    {
        await using var fixture = await StartAsync(
            Routes("""{"iam":{"principals":["arn:aws:iam::123456789012:role/PlantOperator"]}}""", Every));
        const string Arn = "arn:aws:sts::123456789012:assumed-role/PlantOperator/x";
        foreach (var sample in (string[])["http", "http-1.0", "http-alb"])
        {
            var request = JsonNode.Parse(SampleEvents.Read(sample))!;
            request["headers"]!["x-amzn-iam-userarn"] = Arn;
            request["body"] = "{\"requestContext\":{\"authorizer\":{\"iam\":{\"userArn\":\"" + Arn + "\"}}}}";
            request["isBase64Encoded"] = false;
            request["userArn"] = Arn;
            // The other form's place does not count either.
            var identity = new JsonObject { ["userArn"] = Arn };
            request["requestContext"]![sample == "http" ? "identity" : "authorizer"] = sample == "http"
                ? identity
                : new JsonObject { ["iam"] = identity };
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
        await using var fixture = await StartAsync(Routes($$$"""{"jwt":{"claims":{{{claims}}} } }""", Every));
        Assert.Equal(status, Status(fixture.Handle(SampleEvents.Read(sample))).Status);
    }

    [Theory]
    [InlineData("scope", "ops admin", 200)]
    [InlineData("scp", "admin", 200)]
    [InlineData("cognito:groups", "admin", 200)]
    [InlineData("cognito:groups", "[not admin]", 403)]
    [InlineData("cognito:groups", "[ops admin]", 403)]
    [InlineData("cognito:groups", "ops,admin", 403)]
    [InlineData("groups", "administrators", 403)]
    [InlineData("nickname", "ops admin", 403)]
    [InlineData("nickname", "[admin]", 403)]
    [InlineData("scope", "ops,admin", 403)]
    public async Task Only_a_scope_is_a_list_of_names_C6_4(string claim, string value, int status)
    {
        await using var fixture = await StartAsync(Routes($$$"""{"jwt":{"claims":{"{{{claim}}}":["admin"]} } }""", Post));
        var request = JsonNode.Parse(SampleEvents.Read("http"))!;
        request["requestContext"]!["authorizer"]!["jwt"]!["claims"]![claim] = value;
        Assert.Equal(status, Status(fixture.Handle(request.ToJsonString())).Status);
    }

    [Fact]
    public async Task A_load_balancers_headers_are_no_claims_C6_4()
    {
        await using var fixture = await StartAsync(Routes("""{"jwt":{"claims":{"sub":["operator"]}}}""", Post));
        var request = JsonNode.Parse(SampleEvents.Read("http-alb"))!;
        request["headers"]!["x-amzn-oidc-identity"] = "operator";
        request["headers"]!["x-amzn-oidc-data"] = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJvcGVyYXRvciJ9.";
        request["requestContext"]!["authorizer"] = new JsonObject
        {
            ["claims"] = new JsonObject { ["sub"] = "operator" },
            ["jwt"] = new JsonObject { ["claims"] = new JsonObject { ["sub"] = "operator" } },
        };
        Assert.Equal((401, "unauthenticated"), Status(fixture.Handle(request.ToJsonString())));
    }
}
