namespace FastTrigger.NativeTests;

/// <summary>`fasttrigger events`, as a newcomer types it.</summary>
public sealed class EventsCommandTests
{
    [Fact]
    public async Task The_list_shows_every_sample_and_every_variant()
    {
        var (exitCode, output, error) = await Artifacts.RunToolAsync(["events"]);
        Assert.Equal((0, ""), (exitCode, error));
        foreach (var name in Cli.Samples.SampleEvents.Names)
        {
            Assert.Contains($"\n{name} ", "\n" + output, StringComparison.Ordinal);
            Assert.All(Cli.Samples.SampleEvents.Variants(name), variant =>
                Assert.Contains($"\n  --variant {variant.Name} ", output, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_variant_with_values_of_ones_own_is_printed_as_one_event()
    {
        var (exitCode, output, error) = await Artifacts.RunToolAsync(
            ["events", "eventbridge-ec2-state", "--variant", "stopped", "--set", "detail.instance-id=i-1", "--set", "detail['a.b']=[1]"]);
        Assert.Equal((0, ""), (exitCode, error));
        var detail = JsonNode.Parse(output)!["detail"]!;
        Assert.Equal("""{"instance-id":"i-1","state":"stopped","a.b":[1]}""", detail.ToJsonString());
    }

    [Theory]
    [InlineData("there is no sample 'ec2-state'\ndid you mean 'eventbridge-ec2-state'?\n", "ec2-state")]
    [InlineData("there is no sample 'cloudtrail'\ndid you mean one of eventbridge-run-instances, eventbridge-create-volume", "cloudtrail")]
    [InlineData(
        "eventbridge-alarm has no variant 'red'\nits variants are alarm, ok, insufficient-data, composite\n",
        "eventbridge-alarm", "--variant", "red")]
    [InlineData(
        "sqs has no variant 'red'\nthese samples have variants: scheduler, eventbridge-run-instances, ",
        "sqs", "--variant", "red")]
    [InlineData(
        "--set 'detail.stat.x': there is no stat in detail\ndid you mean 'state'?\n",
        "eventbridge-ec2-state", "--set", "detail.stat.x=1")]
    [InlineData("--variant and --set change a sample, and none is named\nfor example: ", "--set", "a=b")]
    public async Task What_cannot_be_printed_is_reported_with_what_would_be_right(string expected, params string[] arguments)
    {
        var (exitCode, output, error) = await Artifacts.RunToolAsync(["events", .. arguments]);
        Assert.Equal((2, ""), (exitCode, output));
        Assert.StartsWith(expected, error, StringComparison.Ordinal);
        Assert.Equal(2, error.TrimEnd().Split('\n').Length);
    }
}
