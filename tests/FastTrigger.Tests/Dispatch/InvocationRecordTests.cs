using FastTrigger.Dispatch;
using FastTrigger.Runtime;
using FastTrigger.Telemetry;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Dispatch;

/// <summary>The record of an invocation says what was reported to Lambda.</summary>
public sealed class InvocationRecordTests
{
    private static readonly RuntimeError s_error = new("Function.OutOfMemory", "no room");

    [Fact]
    public void An_answer_that_could_not_be_given_is_an_error()
    {
        var record = Assert.Single(Records(static record =>
        {
            record.Take(Items.Invocation("{}"), 0, null, null, 0);
            record.Write(Items.Invocation("{}"), new(s_error));
        }));
        Assert.Equal("ERROR error Function.OutOfMemory", Shown(record));
        Assert.Equal(2, record.GetProperty("bytes").GetInt32());
    }

    [Fact]
    public void An_error_of_which_the_caller_does_not_hear_stays_one()
    {
        var record = Assert.Single(Records(static record =>
        {
            record.Take(Items.Invocation("{}"), 0, null, s_error, 1);
            record.Write(Items.Invocation("{}"), InvocationResult.Answered);
        }));
        Assert.Equal("ERROR error Function.OutOfMemory", Shown(record));
    }

    [Fact]
    public void Work_that_a_fault_broke_off_has_a_record_and_nothing_of_the_one_before()
    {
        var records = Records(static record =>
        {
            record.Take(Items.Invocation("{}"), 0, null, null, 0);
            record.Write(Items.Invocation("{}"), InvocationResult.Answered);
            record.Write(Items.Invocation("{}"), InvocationResult.Failed("Function.Unhandled", "a bug"));
        });
        Assert.Equal(["INFO ok ", "ERROR error Function.Unhandled"], records.Select(Shown));
        Assert.False(records[1].TryGetProperty("bytes", out _));
    }

    private static string Shown(JsonElement record) =>
        $"{record.GetProperty("level")} {record.GetProperty("outcome")} "
        + (record.TryGetProperty("errorType", out var type) ? type.GetString() : "");

    private static List<JsonElement> Records(Action<InvocationRecord> write)
    {
        var table = RoutesText.Read(RouterFixture.Route("""{"check-website":{"url":"https://example.com/"}}"""), out _);
        var text = Telemetry.LogTests.Write(json: true, LogLevel.Info, log => write(new(log, new TestClock(), new(table!))));
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => JsonDocument.Parse(line).RootElement)];
    }
}
