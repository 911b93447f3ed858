using FastTrigger.Actions;
using FastTrigger.Tests.Support;
using FsCheck;
using FsCheck.Fluent;

namespace FastTrigger.Tests.Actions;

/// <summary>AWS names the resources that it does not know: a name is a whole id (C5.5).</summary>
public sealed class GoneResourceTests
{
    [Fact]
    public async Task A_resource_whose_id_begins_that_of_another_is_not_taken_for_gone()
    {
        const string Short = "i-12345678", Long = "i-12345678901234567";
        await using var router = await RouterFixture.StartAsync(RouterFixture.Route("""{"tag":{"tags":{"a":"b"},"volumes":false}}"""));
        var launch = RouterFixture.Event($$"""
            {"eventName":"RunInstances",
             "responseElements":{"instancesSet":{"items":[{"instanceId":"{{Short}}"},{"instanceId":"{{Long}}"}]} } }
            """);
        var old = launch.Replace(DateTimeOffset.UtcNow.ToString("yyyy-MM-dd", null), "2020-01-01", StringComparison.Ordinal);
        router.Aws.World.AddNamedIn($"\"{Short}\"");
        var (outcome, detail) = router.Act(old);
        Assert.Equal(("done", $"1 resource tagged with a: {Short}; skipped, because they are gone: {Long}"), (outcome, detail));
        Assert.Equal("b", router.Aws.World.Resources[Short]["a"]);
    }

    [Theory]
    [InlineData("The instance IDs 'i-1, i-12' do not exist", "i-1 i-12")]
    [InlineData("The ID 'eipalloc-0f' does not exist.", "eipalloc-0f")]
    [InlineData("Instances [[mi-9]] not in a valid state for account 123", "mi-9")]
    [InlineData("on resource: arn:aws:ec2:us-east-1:1:volume/vol-5", "vol-5")]
    [InlineData("", "")]
    public void A_message_names_whole_ids(string message, string ids) =>
        Assert.Equal(
            ids.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            NamedIds.In(message).Where(name => ids.Split(' ').Contains(name)).Order(StringComparer.Ordinal));

    [Fact]
    public void Of_any_ids_exactly_those_of_the_message_are_found() =>
        Prop.ForAll(Gen.Choose(0, 4096).ArrayOf(8).ToArbitrary(), numbers =>
        {
            var ids = numbers.Select(number => $"i-{number:x}").ToArray();
            var named = ids.Take(3).ToHashSet();
            var found = NamedIds.In($"The instance IDs '{string.Join(", ", named)}' do not exist");
            return ids.All(id => found.Contains(id) == named.Contains(id));
        }).QuickCheckThrowOnFailure();
}
