namespace FastTrigger.NativeTests;

/// <summary>AWS's own client with fasttrigger serve. It shows errors that the function and the local servers have in common.</summary>
public sealed class AwsCliTests : IAsyncLifetime
{
    private const string World = """
        {
          "instances": [
            { "id": "i-0aaaaaaaaaaaaaaa1", "tags": { "Name": "pump-1", "Role": "pump-controller" } },
            { "id": "i-0aaaaaaaaaaaaaaa2", "tags": { "Name": "pump-2", "Role": "pump-controller" } }
          ],
          "documents": [{ "name": "Plant-Restart", "parameters": ["line"], "milliseconds": 0 }],
          "parameters": { "/plant/key": "secret" },
          "roles": [{ "arn": "arn:aws:iam::210987654321:role/plant", "externalId": "waterworks" }],
          "groups": [{ "name": "pumps", "tags": { "Owner": "carol" } }]
        }
        """;

    private readonly string _world = Path.GetTempFileName();
    private LocalServe _serve = null!;

    public async ValueTask InitializeAsync()
    {
        Assert.True(File.Exists(AwsCli.Program), $"{AwsCli.Program} is missing: ./bootstrap.sh test installs it");
        await File.WriteAllTextAsync(_world, World);
        _serve = await LocalServe.StartAsync("--world", _world);
    }

    public async ValueTask DisposeAsync()
    {
        await _serve.DisposeAsync();
        File.Delete(_world);
    }

    [Fact]
    public async Task The_function_is_invoked_and_its_effects_are_visible()
    {
        var answer = Path.GetTempFileName();
        var invoked = await InvokeAsync("file://build/demo/launch.json", answer, "--log-type", "Tail");
        Assert.Equal((200, "$LATEST"), (invoked.Number("StatusCode"), invoked.Text("ExecutedVersion")));
        var log = Encoding.UTF8.GetString(Convert.FromBase64String(invoked.Text("LogResult")));
        Assert.Contains("owner-tag", log, StringComparison.Ordinal);
        var document = JsonNode.Parse(await File.ReadAllTextAsync(answer, Artifacts.Token));
        Assert.Equal("done", document.Text("routes", 0, "actions", 0, "outcome"));

        var tags = await AwsAsync(
            "ec2", "describe-tags", "--filters", "Name=resource-id,Values=i-0123456789abcdef0", "Name=key,Values=Owner");
        Assert.Equal(("alice@example.com", "instance"), (tags.Text("Tags", 0, "Value"), tags.Text("Tags", 0, "ResourceType")));
        var instances = await AwsAsync(
            "ec2",
            "describe-instances",
            "--filters",
            "Name=tag:Owner,Values=alice@example.com",
            "Name=instance-state-name,Values=running");
        Assert.Equal(3, instances["Reservations"]!.AsArray().Count);
        Assert.Equal("running", instances.Text("Reservations", 0, "Instances", 0, "State", "Name"));

        await InvokeAsync("file://build/demo/tank-high.json", answer);
        JsonNode? first = null;
        Assert.True(await EventuallyAsync(async () =>
        {
            first = (await AwsAsync("ssm", "list-command-invocations", "--details"))["CommandInvocations"]!.AsArray().FirstOrDefault();
            return first?["Status"]!.GetValue<string>() == "Success";
        }));
        Assert.Contains("opening valve V-17", first!["CommandPlugins"]![0]!["Output"]!.GetValue<string>(), StringComparison.Ordinal);
        var (commandId, instanceId) = (first.Text("CommandId"), first.Text("InstanceId"));
        var one = await AwsAsync("ssm", "get-command-invocation", "--command-id", commandId, "--instance-id", instanceId);
        Assert.Equal(0, one.Number("ResponseCode"));
        var commands = await AwsAsync(
            "ssm",
            "list-commands",
            "--filters",
            "key=InvokedAfter,value=2020-01-01T00:00:00Z",
            "key=DocumentName,value=AWS-RunShellScript");
        Assert.Single(commands.List("Commands"));
        File.Delete(answer);
    }

    [Fact]
    public async Task An_error_of_the_function_is_reported_as_lambda_reports_it()
    {
        var answer = Path.GetTempFileName();
        var invoked = await InvokeAsync("{\"fasttrigger-route\":\"nope\",\"event\":{}}", answer);
        Assert.Equal("Unhandled", invoked.Text("FunctionError"));
        var error = JsonNode.Parse(await File.ReadAllTextAsync(answer, Artifacts.Token));
        Assert.Equal("Function.UnknownRoute", error.Text("errorType"));
        File.Delete(answer);
    }

    [Theory]
    [InlineData("lambda invoke --function-name another /dev/null", "ResourceNotFoundException")]
    [InlineData(
        "lambda invoke --function-name fasttrigger --cli-binary-format raw-in-base64-out --payload {nonsense /dev/null",
        "InvalidRequestContentException")]
    [InlineData("ec2 describe-vpcs", "InvalidAction")]
    [InlineData("ec2 create-tags --resources i-0123456789abcdef9 --tags Key=a,Value=b", "InvalidInstanceID.NotFound")]
    [InlineData("ec2 create-tags --resources i-0aaaaaaaaaaaaaaa1 --tags Key=aws:a,Value=b", "InvalidParameterValue")]
    [InlineData("ssm describe-patch-baselines", "UnknownOperationException")]
    [InlineData("ssm send-command --document-name Nope --instance-ids i-0aaaaaaaaaaaaaaa1", "InvalidDocument")]
    [InlineData(
        "ssm send-command --document-name AWS-RunShellScript --instance-ids i-0123456789abcdef9 --parameters commands=true",
        "InvalidInstanceId")]
    [InlineData(
        "ssm send-command --document-name AWS-RunShellScript --targets Key=tag:Role,Values=x --parameters nonsense=true",
        "InvalidParameters")]
    [InlineData(
        "ssm get-command-invocation --command-id 11111111-1111-1111-1111-111111111111 --instance-id i-0aaaaaaaaaaaaaaa1",
        "InvocationDoesNotExist")]
    public async Task A_refused_call_has_the_error_code_of_aws(string arguments, string code)
    {
        var (exitCode, _, error) = await RunAsync(arguments.Split(' '));
        Assert.NotEqual(0, exitCode);
        Assert.Contains($"({code})", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_keys_of_an_assumed_role_are_accepted()
    {
        string[] assume =
        [
            "sts", "assume-role", "--role-arn", "arn:aws:iam::210987654321:role/plant", "--role-session-name", "me",
        ];
        Assert.Contains("(AccessDenied)", (await RunAsync(assume)).Error, StringComparison.Ordinal);
        var assumed = await AwsAsync([.. assume, "--external-id", "waterworks", "--tags", "Key=a,Value=b"]);
        var credentials = assumed["Credentials"]!;
        var expiration = DateTimeOffset.Parse(credentials.Text("Expiration"), System.Globalization.CultureInfo.InvariantCulture);
        Assert.True(expiration > DateTimeOffset.UtcNow.AddMinutes(50));
        _serve.Keys["AWS_ACCESS_KEY_ID"] = credentials.Text("AccessKeyId");
        _serve.Keys["AWS_SECRET_ACCESS_KEY"] = credentials.Text("SecretAccessKey");
        _serve.Keys["AWS_SESSION_TOKEN"] = credentials.Text("SessionToken");
        Assert.Equal(2, (await AwsAsync("ssm", "describe-instance-information"))["InstanceInformationList"]!.AsArray().Count);
    }

    [Fact]
    public async Task AWSs_client_reads_parameters_automations_groups_and_items()
    {
        string[] get = ["ssm", "get-parameter", "--name"];
        Assert.Equal("secret", (await AwsAsync([.. get, "/plant/key", "--with-decryption"])).Text("Parameter", "Value"));
        Assert.NotEqual("secret", (await AwsAsync([.. get, "/plant/key"])).Text("Parameter", "Value"));
        Assert.Contains("(ParameterNotFound)", (await RunAsync([.. get, "/none"])).Error, StringComparison.Ordinal);

        string[] start =
        [
            "ssm",
            "start-automation-execution",
            "--document-name",
            "Plant-Restart",
            "--client-token",
            "01234567-89ab-8def-8123-456789abcdef",
            "--parameters",
        ];
        var id = (await AwsAsync([.. start, "line=north"])).Text("AutomationExecutionId");
        Assert.Equal(id, (await AwsAsync([.. start, "line=north"])).Text("AutomationExecutionId"));
        Assert.Contains("(IdempotentParameterMismatch)", (await RunAsync([.. start, "line=south"])).Error, StringComparison.Ordinal);
        var automation = await AwsAsync("ssm", "get-automation-execution", "--automation-execution-id", id);
        Assert.Equal("Success", automation.Text("AutomationExecution", "AutomationExecutionStatus"));

        var tags = await AwsAsync(
            "autoscaling", "describe-tags", "--filters", "Name=auto-scaling-group,Values=pumps", "Name=key,Values=Owner");
        Assert.Equal(("pumps", "carol"), (tags.Text("Tags", 0, "ResourceId"), tags.Text("Tags", 0, "Value")));
    }

    [Fact]
    public async Task Items_are_put_only_when_their_condition_holds()
    {
        string[] table = ["--table-name", "fasttrigger-once"];
        string[] key = ["--key", """{"id":{"S":"a"}}"""];
        string[] put =
        [
            "dynamodb",
            "put-item",
            .. table,
            "--item",
            """{"id":{"S":"a"},"expiration":{"N":"5"}}""",
            "--condition-expression",
            "attribute_not_exists(id) OR (#e < :n AND #e <> :n)",
            "--expression-attribute-names",
            """{"#e":"expiration"}""",
            "--expression-attribute-values",
        ];
        Assert.Equal(0, (await RunAsync([.. put, """{":n":{"N":"5"}}"""])).ExitCode);
        var again = await RunAsync([.. put, """{":n":{"N":"5"}}"""]);
        Assert.Contains("(ConditionalCheckFailedException)", again.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync([.. put, """{":n":{"N":"6"}}"""])).ExitCode);
        var item = await AwsAsync(["dynamodb", "get-item", .. table, .. key, "--consistent-read"]);
        Assert.Equal("5", item.Text("Item", "expiration", "N"));
        Assert.Equal(0, (await RunAsync(["dynamodb", "delete-item", .. table, .. key])).ExitCode);
    }

    [Fact]
    public async Task A_command_is_cancelled()
    {
        var sent = await AwsAsync(
            "ssm",
            "send-command",
            "--document-name",
            "AWS-RunShellScript",
            "--instance-ids",
            "i-0aaaaaaaaaaaaaaa1",
            "--parameters",
            "commands=sleep 60");
        var id = sent.Text("Command", "CommandId");
        Assert.Equal(0, (await RunAsync("ssm", "cancel-command", "--command-id", id)).ExitCode);
        Assert.True(await EventuallyAsync(async () =>
            (await AwsAsync("ssm", "list-commands", "--command-id", id)).Text("Commands", 0, "Status") == "Cancelled"));
    }

    [Fact]
    public async Task A_callback_is_accepted_once()
    {
        const string Job = "11111111-abcd-1111-abcd-111111abcdef";
        Assert.Equal(0, (await RunAsync("codepipeline", "put-job-success-result", "--job-id", Job)).ExitCode);
        var failed = await RunAsync(
            "codepipeline", "put-job-failure-result", "--job-id", Job, "--failure-details", "type=JobFailed,message=why");
        Assert.Contains("(InvalidJobStateException)", failed.Error, StringComparison.Ordinal);
        const string Evaluation = "ComplianceResourceType=AWS::EC2::Instance,ComplianceResourceId=i-1,ComplianceType=COMPLIANT,"
            + "OrderingTimestamp=2026-11-20T14:32:01Z";
        var evaluated = await AwsAsync("configservice", "put-evaluations", "--result-token", "t", "--evaluations", Evaluation);
        Assert.Empty(evaluated.List("FailedEvaluations"));
        string[] complete =
        [
            "autoscaling",
            "complete-lifecycle-action",
            "--auto-scaling-group-name",
            "pumps",
            "--lifecycle-hook-name",
            "provision",
            "--lifecycle-action-result",
            "CONTINUE",
            "--lifecycle-action-token",
            "87654321-4321-4321-4321-210987654321",
        ];
        Assert.Equal(0, (await RunAsync(complete)).ExitCode);
        Assert.Contains("No active Lifecycle Action", (await RunAsync(complete)).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_signature_with_another_secret_is_refused()
    {
        _serve.Keys["AWS_SECRET_ACCESS_KEY"] = "another";
        Assert.Contains("(AuthFailure)", (await RunAsync("ec2", "describe-tags")).Error, StringComparison.Ordinal);
        Assert.Contains("(InvalidSignatureException)", (await RunAsync("ssm", "list-commands")).Error, StringComparison.Ordinal);
    }

    private static async Task<bool> EventuallyAsync(Func<Task<bool>> holds)
    {
        for (var tries = 0; tries < 30; tries++)
        {
            if (await holds())
            {
                return true;
            }
        }

        return false;
    }

    private Task<JsonNode> InvokeAsync(string payload, string answer, params string[] options) => AwsAsync(
    [
        "lambda",
        "invoke",
        "--function-name",
        "fasttrigger",
        "--cli-binary-format",
        "raw-in-base64-out",
        "--payload",
        payload,
        .. options,
        answer,
    ]);

    private Task<JsonNode> AwsAsync(params string[] arguments) => _serve.AwsAsync(arguments);

    private Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments) => _serve.RunAwsAsync(arguments);
}
