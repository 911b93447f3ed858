using System.Text.Json.Nodes;
using FastTrigger.Cli.Commands;
using FastTrigger.Cli.Samples;

namespace FastTrigger.Tests.Events;

/// <summary>`fasttrigger events --set path=value`.</summary>
public sealed class EventEditTests
{
    private const string Launch = "eventbridge-run-instances", Instance = "detail.responseElements.instancesSet.items[0].instanceId";

    [Theory]
    [InlineData(Launch, Instance + "=i-1", Instance, "\"i-1\"")]
    [InlineData(Launch, ".detail.eventName=StartInstances", "detail.eventName", "\"StartInstances\"")]
    [InlineData(Launch, "['detail-type']=a=b", "['detail-type']", "\"a=b\"")]
    [InlineData(Launch, "detail['a.key=of [mine]']=x", "detail['a.key=of [mine]']", "\"x\"")]
    [InlineData(Launch, "detail.errorCode=Client.X", "detail.errorCode", "\"Client.X\"")]
    [InlineData(Launch, "detail.new={\"a\":[1,null]}", "detail.new", "{\"a\":[1,null]}")]
    [InlineData(Launch, "detail.readOnly=true", "detail.readOnly", "true")]
    [InlineData(Launch, "detail.count=0123", "detail.count", "\"0123\"")]
    [InlineData(Launch, "account=\"210987654321\"", "account", "\"210987654321\"")]
    [InlineData(Launch, "detail.eventName=", "detail.eventName", "\"\"")]
    [InlineData(Launch, "detail.responseElements=null", "detail.responseElements", "null")]
    [InlineData("eventbridge", "resources[0]=arn:x", "resources[0]", "\"arn:x\"")]
    [InlineData("direct-array", "[1].level=5", "[1].level", "5")]
    public void A_value_is_set_where_the_path_of_a_route_leads(string sample, string assignment, string path, string expected)
    {
        var edited = EventEdit.Set(JsonNode.Parse(SampleEvents.Read(sample))!, assignment);
        var found = new List<JsonElement>();
        var root = JsonDocument.Parse(edited.ToJsonString()).RootElement;
        FastTrigger.Values.EventPath.Parse(path[0] == '[' ? path : "." + path, out _)!.Find(root, found);
        var text = found is [] ? "null" : Assert.Single(found).GetRawText();
        Assert.Equal(expected, text.Replace("\\u0022", "\\\"", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("sqs/eventbridge", "Records[0].body.detail.level=12", "detail.level", "12")]
    [InlineData("sqs/sns/eventbridge", "Records[0].body.Message.detail.valve=V-1", "detail.valve", "V-1")]
    [InlineData("sns/eventbridge", "Records[0].Sns.Message.detail.valve=V-1", "detail.valve", "V-1")]
    [InlineData("kinesis", "Records[0].kinesis.data.tank=T-9", "data.tank", "T-9")]
    public void JSON_that_is_text_or_Base64_is_looked_into(string sample, string assignment, string path, string expected)
    {
        var edited = EventEdit.Set(JsonNode.Parse(SampleEvents.Read(sample))!, assignment);
        var item = FastTrigger.Events.EventSources
            .Open(JsonDocument.Parse(edited.ToJsonString()).RootElement, "request-1", static _ => true).Items[0];
        var found = new List<JsonElement>();
        FastTrigger.Values.EventPath.Parse("." + path, out _)!.Find(item.Event, found);
        Assert.Equal(expected, Assert.Single(found).ToString());
    }

    [Fact]
    public void The_hash_of_a_changed_body_is_that_of_the_new_body()
    {
        var edited = EventEdit.Set(JsonNode.Parse(SampleEvents.Read("sqs/eventbridge"))!, "Records[0].body=abc");
        Assert.Equal("900150983cd24fb0d6963f7d28e17f72", edited["Records"]![0]!["md5OfBody"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("detail.state", "this is not path=value", "--set detail.state=stopped")]
    [InlineData("=x", "this is not path=value", "--set detail.state=stopped")]
    [InlineData("detail..state=x", "this path names no value", ".name, ['any key'] and [0]")]
    [InlineData("detail.items[*]=x", "this path names no value", ".name, ['any key'] and [0]")]
    [InlineData("detail.userIdenty.userName=x", "there is no userIdenty in detail", "did you mean 'userIdentity'?")]
    [InlineData("rest.x=y", "there is no rest in the event", "it has version, id, detail-type, source")]
    [InlineData("detail.responseElements.instancesSet.items[2]=x", "items has length 1", "[0] to [0]; [1] adds one")]
    [InlineData("detail.eventName.x=y", "detail.eventName is \"RunInstances\"", "--set 'detail.eventName=VALUE'")]
    [InlineData("detail[0]=y", "detail is an object", "it has eventVersion, userIdentity")]
    [InlineData("resources.first=y", "resources is an array", "[0]")]
    public void A_wrong_path_says_how_far_it_leads_and_what_is_there(string assignment, string problem, string right)
    {
        var error = Assert.Throws<UsageException>(() => EventEdit.Set(JsonNode.Parse(SampleEvents.Read(Launch))!, assignment));
        var lines = error.Message.Split('\n');
        Assert.Equal(2, lines.Length);
        Assert.StartsWith("--set '", lines[0], StringComparison.Ordinal);
        Assert.EndsWith(problem, lines[0], StringComparison.Ordinal);
        Assert.Contains(right, lines[1], StringComparison.Ordinal);
    }
}
