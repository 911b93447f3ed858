using FastTrigger.Values;

namespace FastTrigger.Tests.Values;

/// <summary>The path that was meant, where the event has a name that is near.</summary>
public sealed class NearestPathTests
{
    [Theory]
    [InlineData(".detail.instance_id", """{"detail":{"instance-id":"i-1"}}""", "event.detail.instance-id")]
    [InlineData(".detial.state", """{"detail":{"state":"on"}}""", "event.detail.state")]
    [InlineData(".detail.items[*].Id", """{"detail":{"items":[{"id":1},{"id":2}]}}""", "event.detail.items[*].id")]
    [InlineData(".detail.items[1].Id", """{"detail":{"items":[{},{"id":2}]}}""", "event.detail.items[1].id")]
    [InlineData(".detail.ownerid", """{"detail":{"owner.id":2}}""", "event.detail['owner.id']")]
    [InlineData(".detail.Owner-Name", """{"detail":{"owner name":2}}""", "event.detail['owner name']")]
    [InlineData(".detail.state", """{"detail":{"other":"on"}}""", null)]
    [InlineData(".detail.state", """{"detail":{"State":1,"state":null}}""", null)]
    [InlineData(".detail.state", """{"detail":"text"}""", null)]
    [InlineData(".detail.items[3].id", """{"detail":{"items":[]}}""", null)]
    public void The_nearest_name_takes_the_place_of_the_first_that_is_not_there(string path, string json, string? expected)
    {
        using var document = JsonDocument.Parse(json);
        Assert.Equal(expected, EventPath.Parse(path, out _)!.Nearest(document.RootElement, "event"));
    }
}
