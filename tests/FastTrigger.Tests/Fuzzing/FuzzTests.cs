using FastTrigger.Fuzzing;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Fuzzing;

/// <summary>Whatever reads bytes from outside reads any bytes. The long form, which follows branches, is build/fuzz.sh.</summary>
public sealed class FuzzTests
{
    private const int Inputs = 2000;

    public static TheoryData<string> Targets => [.. FuzzTargets.All.Select(target => target.Name)];

    [Theory]
    [MemberData(nameof(Targets))]
    public void Any_bytes_are_read_or_refused(string name)
    {
        var target = FuzzTargets.Find(name);
        Assert.All(target.Seeds, target.Run);
        FuzzRun.Of(target, seed: 1, Inputs);
        FuzzRun.Of(target, Random.Shared.Next(), Inputs);
    }

    [Theory]
    [MemberData(nameof(FuzzSeeds.All), MemberType = typeof(FuzzSeeds))]
    public async Task Any_event_goes_the_whole_way_without_a_fault_of_ours(int seed, int rounds)
    {
        const string Routes = """
            {"trust": ["arn:aws:*"], "allow": {"hosts": ["localhost"]}, "routes": [
              {"name": "all", "when": {"no.such.field": [{"exists": false}]}, "do": [
                {"tag": {"tags": {"Owner": "${owner}", "When": "${event.time}"}}},
                {"run-command": {"once": false, "commands": ["echo \"$WHAT\""], "environment": {"WHAT": "${event.detail}"},
                  "targets": {"instanceIds": ["${event.detail.instance-id}"]}}},
                {"call": {"url": "https://localhost/x", "headers": {"X-Event": "${event.id}"}}}]},
              {"name": "named", "from": ["http", "lex", "cognito", "authorizer", "alexa", "cloudformation", "config", "s3batch"],
               "auth": "none", "when": {"no.such.field": [{"exists": false}]}, "do": [{"handler": {"name": "h"}}]}]}
            """;
        await using var fixture = RouterFixture.Over(
            await AwsFixture.StartAsync(new(), ("FASTTRIGGER_DRY_RUN", "true")),
            Routes,
            ("h", (_, _, _) => ValueTask.FromResult(ActionResult.Done("h"))));
        var events = FuzzTargets.Find("events");
        var mutator = new Mutator(events.Seeds, seed, isJson: true);
        foreach (var input in events.Seeds.Concat(Enumerable.Range(0, rounds).Select(_ => mutator.Next())))
        {
            var payload = Encoding.UTF8.GetString(input);
            var error = fixture.Handle(payload).Error;
            Assert.True(error?.Type != "Function.Unhandled", $"seed {seed}: {error?.Message}\n{payload}");
        }

        Assert.DoesNotContain(fixture.Logs, record => record.GetRawText().Contains("fault of FastTrigger", StringComparison.Ordinal));
    }
}
