using FastTrigger.Actions.Tagging;
using FastTrigger.Cli.Policy;

namespace FastTrigger.Tests.Architecture;

public sealed class TaggedTypesTests
{
    [Fact]
    public void Every_call_whose_resources_are_tagged_has_their_types() =>
        Assert.Equal(CreatingCalls.All.Select(call => call.Event).Order(StringComparer.Ordinal), TaggedTypes.Calls.Order(StringComparer.Ordinal));
}
