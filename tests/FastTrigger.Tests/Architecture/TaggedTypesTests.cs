using FastTrigger.Actions.Tagging;
using FastTrigger.Cli.Policy;

namespace FastTrigger.Tests.Architecture;

public sealed class TaggedTypesTests
{
    [Fact]
    public void The_policy_knows_the_resource_types_of_every_call_whose_resources_are_tagged()
    {
        var calls = CreatingCalls.All.Select(call => call.Event);
        Assert.Equal(calls.Order(StringComparer.Ordinal), TaggedTypes.Calls.Order(StringComparer.Ordinal));
    }
}
