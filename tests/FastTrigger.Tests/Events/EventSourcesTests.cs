using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Events;

public sealed class EventSourcesTests
{
    [Theory]
    [InlineData("launch.json", "eventbridge", "7c1e9a1b-3f7a-4a51-9c2d-1d5e9f0a0001", null)]
    [InlineData("running.json", "eventbridge", "7c1e9a1b-3f7a-4a51-9c2d-1d5e9f0a0002", null)]
    [InlineData("tank-high.json", "eventbridge", "7c1e9a1b-3f7a-4a51-9c2d-1d5e9f0a0003", null)]
    [InlineData("alarm.json", "eventbridge", "7c1e9a1b-3f7a-4a51-9c2d-1d5e9f0a0006", null)]
    [InlineData("site-rule.json", "eventbridge", "7c1e9a1b-3f7a-4a51-9c2d-1d5e9f0a0007", null)]
    [InlineData(
        "site-check.json",
        "scheduler",
        "arn:aws:scheduler:us-east-1:123456789012:schedule/default/site-up@2026-11-20T14:35:00Z",
        "site-up")]
    public void A_sample_event_is_recognised_C2_1(string file, string source, string id, string? route)
    {
        var item = Items.Read(Items.Demo(file));
        Assert.Equal((source, id, route), (item.Source, item.Id, item.RouteName));
    }

    [Fact]
    public void A_schedules_own_event_is_known_by_schedule_and_time_C2_1()
    {
        // The id is another with every attempt; detail is a string.
        var item = Items.Read("""
            {"version":"0","id":"changes","detail-type":"Scheduled Event","source":"aws.scheduler","account":"123456789012",
             "time":"2026-11-20T14:35:00Z","region":"us-east-1",
             "resources":["arn:aws:scheduler:us-east-1:123456789012:schedule/default/x"],"detail":"{}"}
            """);
        Assert.Equal("scheduler", item.Source);
        Assert.Equal("arn:aws:scheduler:us-east-1:123456789012:schedule/default/x@2026-11-20T14:35:00Z", item.Id);
    }

    [Fact]
    public void A_wrapped_event_is_the_inner_one_for_one_route_C2_3()
    {
        var item = Items.Read($$"""{"fasttrigger-route":"drain-tank","event":{{Items.Demo("tank-high.json")}}}""");
        Assert.Equal(
            ("eventbridge", "7c1e9a1b-3f7a-4a51-9c2d-1d5e9f0a0003", "drain-tank", "us-east-1", "123456789012"),
            (item.Source, item.Id, item.RouteName, item.Region, item.Account));
        Assert.Equal("water.plant", item.Event.GetProperty("source").GetString());
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("null")]
    [InlineData("""{"id":"x","source":"aws.ec2","detail-type":"y"}""")]
    [InlineData("""{"id":5,"source":"aws.ec2","detail-type":"y","detail":{}}""")]
    [InlineData("""{"fasttrigger-route":"x"}""")]
    [InlineData("""{"fasttrigger-route":5,"event":{}}""")]
    [InlineData("""{"source":"aws.scheduler","detail-type":"y","time":"z","resources":[]}""")]
    public void Anything_else_is_a_direct_item_by_its_request_id(string payload)
    {
        var item = Items.Read(payload);
        Assert.Equal(("direct", "request-1", null), (item.Source, item.Id, item.RouteName));
    }
}
