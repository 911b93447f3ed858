using FastTrigger.Cli.LocalAws;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Actions;

/// <summary>The outcome of every error that AWS documents for the calls of the actions (C5).</summary>
public sealed class FailureTests
{
    private const string Command = """{"run-command":{"targets":{"instanceIds":["i-0aaaaaaaaaaaaaaa1"]},"commands":["true"]}}""";
    private const string Tag = """{"tag":{"tags":{"Owner":"x"},"overwrite":true,"volumes":false}}""";

    [Theory]
    [InlineData("SendCommand", Command, "InvalidInstanceId", 400, "retry")]
    [InlineData("SendCommand", Command, "TargetNotConnected", 400, "retry")]
    [InlineData("SendCommand", Command, "ThrottlingException", 400, "retry")]
    [InlineData("SendCommand", Command, "TooManyRequestsException", 429, "retry")]
    [InlineData("SendCommand", Command, "InternalServerError", 500, "retry")]
    [InlineData("SendCommand", Command, "ServiceUnavailable", 503, "retry")]
    [InlineData("SendCommand", Command, "InvalidDocument", 400, "failed")]
    [InlineData("SendCommand", Command, "InvalidDocumentVersion", 400, "failed")]
    [InlineData("SendCommand", Command, "InvalidParameters", 400, "failed")]
    [InlineData("SendCommand", Command, "UnsupportedPlatformType", 400, "failed")]
    [InlineData("SendCommand", Command, "InvalidOutputFolder", 400, "failed")]
    [InlineData("SendCommand", Command, "InvalidRole", 400, "failed")]
    [InlineData("SendCommand", Command, "InvalidNotificationConfig", 400, "failed")]
    [InlineData("SendCommand", Command, "MaxDocumentSizeExceeded", 400, "failed")]
    [InlineData("SendCommand", Command, "DuplicateInstanceId", 400, "failed")]
    [InlineData("SendCommand", Command, "AccessDeniedException", 400, "failed")]
    [InlineData("SendCommand", Command, "ValidationException", 400, "failed")]
    [InlineData("CreateTags", Tag, "RequestLimitExceeded", 503, "retry")]
    [InlineData("CreateTags", Tag, "EC2ThrottledException", 503, "retry")]
    [InlineData("CreateTags", Tag, "InternalError", 500, "retry")]
    [InlineData("CreateTags", Tag, "Unavailable", 503, "retry")]
    [InlineData("CreateTags", Tag, "InvalidVolume.NotFound", 400, "retry")]
    [InlineData("CreateTags", Tag, "TagLimitExceeded", 400, "failed")]
    [InlineData("CreateTags", Tag, "InvalidParameterValue", 400, "failed")]
    [InlineData("CreateTags", Tag, "UnauthorizedOperation", 403, "failed")]
    public async Task An_error_is_a_retry_or_a_failure_by_its_code(string operation, string action, string code, int status, string outcome)
    {
        await using var router = await StartAsync(action);
        router.Aws.World.Add(new Fault { Operation = operation, Kind = FaultKind.Error, Code = code, Status = status, Times = 20 });
        var (found, detail) = router.Act(Event(), seconds: 25);
        Assert.Equal(outcome, found);
        Assert.Contains(code, detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SendCommand", Command, "ExpiredTokenException")]
    [InlineData("CreateTags", Tag, "RequestExpired")]
    public async Task Credentials_that_have_expired_end_the_process_C5_4(string operation, string action, string code)
    {
        await using var router = await StartAsync(action);
        router.Aws.World.Add(new Fault { Operation = operation, Kind = FaultKind.Error, Code = code, Status = 403, Times = 20 });
        var (_, error, exit) = router.Handle(Event());
        Assert.Equal(("Function.ExpiredToken", true), (error!.Type, exit));
    }

    [Fact]
    public async Task Retries_are_counted_and_end_when_the_budget_is_spent_C5_1()
    {
        await using var router = await StartAsync(Tag);
        while (router.Aws.Shared.Budget.TryTake())
        {
        }

        router.Aws.World.Add(new Fault { Operation = "CreateTags", Kind = FaultKind.Throttle, Times = 20 });
        Assert.Equal("retry", router.Act(Event()).Outcome);
        Assert.Equal(1, router.Aws.Operations.Count(operation => operation == "CreateTags"));
    }

    [Fact]
    public async Task A_call_without_an_answer_is_reported_before_the_deadline()
    {
        await using var router = await StartAsync(Tag);
        router.Aws.World.Add(new Fault { Operation = "CreateTags", Kind = FaultKind.Silent, Times = 20 });
        var (_, error, _) = router.Handle(Event(), seconds: 2);
        Assert.Equal("Function.DeadlineExceeded", error!.Type);
    }

    private static string Event() =>
        RouterFixture.Event("""{"eventName":"CreateVolume","responseElements":{"volumeId":"vol-0aaaaaaaaaaaaaaa1"}}""");

    private static Task<RouterFixture> StartAsync(string action) =>
        RouterFixture.StartAsync(RouterFixture.Route(action), new WorldInstance { Id = "i-0aaaaaaaaaaaaaaa1" });
}
