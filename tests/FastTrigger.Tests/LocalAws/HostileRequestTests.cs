using System.Text.Json.Nodes;
using FastTrigger.Cli.LocalAws;
using FastTrigger.Cli.LocalAws.Models;

namespace FastTrigger.Tests.LocalAws;

/// <summary>
/// Every member of every served operation gets values of each type, and bodies that are no request at all. Each is answered or refused with
/// an error of AWS: any other exception would be HTTP 500.
/// </summary>
public sealed class HostileRequestTests
{
    private const string Queue = "http://localhost/123456789012/letters";

    private static readonly string[] s_values =
    [
        "null", "true", "\"\"", "\"x\"", "\"page-x\"", "\"page-99999999999\"", "\"\\ud800\"", "\"{\"", "0", "-1", "1.5", "1e400",
        "99999999999999999999", "[]", "[null]", "[[]]", "[\"x\"]", "[{}]", "[1]", "{}", "{\"a\":null}", "{\"a\":\"b\"}", "{\"a\":[\"x\"]}",
        "{\"id\":{\"S\":\"x\"}}", "{\"a\":{\"S\":1}}", "{\"a\":1,\"a\":2}",
    ];

    private static readonly Dictionary<string, string> s_valid = new()
    {
        ["PutItem"] = """{"TableName":"once","Item":{"id":{"S":"a"}}}""",
        ["GetItem"] = """{"TableName":"once","Key":{"id":{"S":"a"}}}""",
        ["DeleteItem"] = """{"TableName":"once","Key":{"id":{"S":"a"}}}""",
        ["CreateTags"] = """{"Resources":["i-0aaaaaaaaaaaaaaa1"],"Tags":[{"Key":"a","Value":"b"}]}""",
        ["PutEvents"] = """{"Entries":[{"Source":"plant","DetailType":"x","Detail":"{}"}]}""",
        ["SendMessage"] = $$"""{"QueueUrl":"{{Queue}}","MessageBody":"x"}""",
        ["ReceiveMessage"] = $$"""{"QueueUrl":"{{Queue}}"}""",
        ["DeleteMessage"] = $$"""{"QueueUrl":"{{Queue}}","ReceiptHandle":"x"}""",
        ["ChangeMessageVisibility"] = $$"""{"QueueUrl":"{{Queue}}","ReceiptHandle":"x","VisibilityTimeout":1}""",
        ["GetQueueAttributes"] = $$"""{"QueueUrl":"{{Queue}}"}""",
        ["SendCommand"] =
            """{"DocumentName":"AWS-RunShellScript","Targets":[{"Key":"tag:No","Values":["x"]}],"Parameters":{"commands":["true"]}}""",
        ["CancelCommand"] = """{"CommandId":"11111111-1111-1111-1111-111111111111"}""",
        ["GetCommandInvocation"] = """{"CommandId":"11111111-1111-1111-1111-111111111111","InstanceId":"i-0aaaaaaaaaaaaaaa1"}""",
        ["GetParameter"] = """{"Name":"/plant/key"}""",
        ["StartAutomationExecution"] = """{"DocumentName":"Plant-Restart","Parameters":{"line":["north"]}}""",
        ["GetAutomationExecution"] = """{"AutomationExecutionId":"11111111-1111-1111-1111-111111111111"}""",
        ["AssumeRole"] = """{"RoleArn":"arn:aws:iam::210987654321:role/plant","RoleSessionName":"me"}""",
        ["CompleteLifecycleAction"] =
            """{"AutoScalingGroupName":"pumps","LifecycleHookName":"provision","LifecycleActionResult":"CONTINUE"}""",
        ["PutJobSuccessResult"] = """{"jobId":"11111111-1111-1111-1111-111111111111"}""",
        ["PutJobFailureResult"] =
            """{"jobId":"11111111-1111-1111-1111-111111111111","failureDetails":{"type":"JobFailed","message":"x"}}""",
        ["PutEvaluations"] = """{"ResultToken":"t","Evaluations":[]}""",
    };

    [Fact]
    public void A_member_of_another_type_is_never_a_server_error()
    {
        using var world = World();
        var services = new ServiceFinder(world, (_, _, _) => { });
        var failures = new List<string>();
        foreach (var service in services.All)
        {
            var model = ServiceModel.Load(service.Name);
            foreach (var operation in service.Operations)
            {
                var valid = s_valid.GetValueOrDefault(operation, "{}");
                foreach (var body in Mutations(valid, model.Input(operation)))
                {
                    var code = Send(service, operation, body);
                    if (code is null || (code is "UnknownParameter" && service is LocalJsonService))
                    {
                        failures.Add($"{service.Name} {operation} {body}");
                    }
                }
            }
        }

        Assert.Equal([], failures.Take(20));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{nonsense")]
    [InlineData("{\"Name\":\"\\ud800\"}")]
    [InlineData("{\"Name\":\"a\",\"Name\":\"b\"}")]
    [InlineData("{\"Name\":1}")]
    [InlineData("{\"Name\":[\"a\"]}")]
    [InlineData("{\"Name\":{\"a\":1}}")]
    [InlineData("{\"Name\":\"a\",\"WithDecryption\":\"yes\"}")]
    public void A_malformed_body_is_a_SerializationException(string body)
    {
        using var world = World();
        Assert.Equal("SerializationException", Send(new SsmService(world), "GetParameter", body));
    }

    [Theory]
    [InlineData("GetParameter", "{}", "Value null at 'name' failed to satisfy constraint: Member must not be null")]
    [InlineData("ListCommands", "{\"MaxResults\":51}", "Value '51' at 'maxResults' failed to satisfy constraint")]
    [InlineData("ListCommands", "{\"InstanceId\":\"x\"}", "Member must satisfy regular expression pattern: (^i-")]
    [InlineData("ListCommands", "{\"Filters\":[{\"key\":\"Status\"}]}", "Value null at 'filters.1.member.value'")]
    [InlineData("ListCommands", "{\"Filters\":[{\"key\":\"x\",\"value\":\"y\"}]}", "Member must satisfy enum value set: [InvokedAfter")]
    [InlineData("ListCommands", "{\"Nonsense\":1}", "ListCommands has no parameter Nonsense")]
    [InlineData(
        "StartAutomationExecution",
        "{\"DocumentName\":\"Plant-Restart\",\"ClientToken\":\"01234567-89ab-8def-8123-456789abcdef0\"}",
        "at 'clientToken' failed to satisfy constraint: Member must have length less than or equal to 36")]
    [InlineData(
        "StartAutomationExecution",
        "{\"DocumentName\":\"Plant-Restart\",\"TargetLocations\":[{}]}",
        "The local ssm does not support the parameter TargetLocations of StartAutomationExecution")]
    public void A_request_beyond_the_models_limits_is_a_ValidationException(string operation, string body, string message)
    {
        using var world = World();
        var error = Assert.Throws<AwsError>(() =>
        {
            new SsmService(world).Read("AmazonSSM." + operation, Encoding.UTF8.GetBytes(body)).Run();
        });
        Assert.Equal((400, "ValidationException"), (error.Status, error.Code));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SerialNumber=arn:aws:iam::123456789012:mfa/me&TokenCode=123456", "SerialNumber")]
    [InlineData("TokenCode=123456", "TokenCode")]
    public void A_member_of_AssumeRole_that_would_have_no_effect_is_refused_by_name(string members, string refused)
    {
        using var world = World();
        var form = "Action=AssumeRole&Version=2011-06-15&RoleArn=arn:aws:iam::210987654321:role/plant&RoleSessionName=me&" + members;
        var error = Assert.Throws<AwsError>(() => new StsService(world).Read("", Encoding.UTF8.GetBytes(form)));
        Assert.Contains($"does not support the parameter {refused} of AssumeRole", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("page-")]
    [InlineData("page--1")]
    [InlineData("page-99999999999")]
    public void A_token_that_no_answer_contained_is_an_InvalidNextToken(string token)
    {
        using var world = World();
        Assert.Equal("InvalidNextToken", Send(new SsmService(world), "ListCommands", $$"""{"NextToken":"{{token}}"}"""));
        Assert.Equal("InvalidNextToken", Send(new Ec2Service(world), "DescribeTags", $$"""{"NextToken":"{{token}}"}"""));
        Assert.Equal("InvalidNextToken", Send(new AutoScalingService(world), "DescribeTags", $$"""{"NextToken":"{{token}}"}"""));
    }

    /// <summary>Sends a request; returns "" or the code of its error, or null for an error of the server.</summary>
    private static string? Send(LocalService service, string operation, string body)
    {
        try
        {
            // A service with the query protocol gets the same members as flat names.
            var read = service is LocalJsonService json
                ? service.Read(json.Target + operation, Encoding.UTF8.GetBytes(body))
                : service.Read("", Encoding.UTF8.GetBytes(FlatNames.Of(service.Name, operation, body)));
            read.Run();
            return "";
        }
        catch (AwsError error)
        {
            Assert.InRange(error.Status, 400, 499);
            Assert.NotEmpty(service.Error(error));
            return error.Code;
        }
        catch (Exception e) when (e is not Xunit.Sdk.IAssertionException)
        {
            return null;
        }
    }

    private static IEnumerable<string> Mutations(string valid, Shape input)
    {
        yield return valid;
        foreach (var path in Paths(input, depth: 3))
        {
            foreach (var value in s_values)
            {
                yield return Replace(valid, path, value);
            }
        }
    }

    /// <summary>The members of a structure, and those of the structures inside.</summary>
    private static IEnumerable<string[]> Paths(Shape shape, int depth)
    {
        foreach (var (name, member) in shape.Members.Where(_ => depth > 0))
        {
            yield return [name];
            var inner = member.Shape.Type == "list" ? member.Shape.Element.Shape : member.Shape;
            foreach (var path in Paths(inner, depth - 1))
            {
                yield return [name, .. member.Shape.Type == "list" ? (string[])["[]"] : [], .. path];
            }
        }
    }

    /// <summary>The request with another value at a path, and everything around it. The value need not be one that is valid JSON.</summary>
    private static string Replace(string valid, string[] path, string value)
    {
        var root = JsonNode.Parse(valid)!.AsObject();
        var rest = path[1..].Reverse().Aggregate(value, (inner, name) => name == "[]" ? $"[{inner}]" : $"{{\"{name}\":{inner}}}");
        root.Remove(path[0]);
        var text = root.ToJsonString();
        return $"{text[..^1]}{(root.Count > 0 ? "," : "")}\"{path[0]}\":{rest}}}";
    }

    private static LocalWorld World()
    {
        var world = new LocalWorld(
            new()
            {
                Instances = [new() { Id = "i-0aaaaaaaaaaaaaaa1", Tags = new Dictionary<string, string> { ["Role"] = "pump" } }],
                Documents = [new() { Name = "Plant-Restart", Parameters = ["line"] }],
                Parameters = new Dictionary<string, string> { ["/plant/key"] = "secret" },
                Roles = [new() { Arn = "arn:aws:iam::210987654321:role/plant" }],
                Groups = [new() { Name = "pumps", Tags = new Dictionary<string, string> { ["Owner"] = "carol" } }],
                Tables = ["once"],
                Queues = new Dictionary<string, IReadOnlyList<string>> { ["letters"] = ["a", "b"] },
            },
            "us-east-1",
            "123456789012");
        return world;
    }
}
