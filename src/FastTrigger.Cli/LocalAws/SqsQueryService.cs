using System.Text;
using System.Text.Json.Nodes;

namespace FastTrigger.Cli.LocalAws;

/// <summary>SQS in the query protocol of older clients, such as those of the AWS CLI 2.9. The operations are those of the other.</summary>
internal sealed class SqsQueryService : LocalQueryService
{
    private const string Namespace = "http://queue.amazonaws.com/doc/2012-11-05/";

    public SqsQueryService(SqsService service)
        : base("sqs", "2012-11-05")
    {
        foreach (var (operation, run) in service.Runs)
        {
            Add(operation, request => Members(run(request)));
        }
    }

    /// <summary>The code of an error in the query protocol, which the JSON protocol has in a header.</summary>
    public static string QueryCode(string code) => code switch
    {
        "QueueDoesNotExist" => "AWS.SimpleQueueService.NonExistentQueue",
        "ValidationException" => "InvalidParameterValue",
        _ => code,
    };

    public override string Error(AwsError error) =>
        $"<ErrorResponse xmlns=\"{Namespace}\"><Error><Type>Sender</Type><Code>{Xml(Code(error.Code))}</Code>"
        + $"<Message>{Xml(error.Message)}</Message><Detail/></Error><RequestId>{Guid.NewGuid()}</RequestId></ErrorResponse>";

    protected override string Code(string code) => base.Code(QueryCode(code));

    protected override AwsError Missing(string member) => SqsService.MissingParameter(member);

    protected override string Answer(string action, string inner) =>
        base.Answer(action, inner).Replace($"<{action}Response>", $"<{action}Response xmlns=\"{Namespace}\">", StringComparison.Ordinal);

    /// <summary>The members of a response. A list or a map has an element for each entry, whose name has no plural.</summary>
    private static string Members(JsonObject members)
    {
        var xml = new StringBuilder();
        foreach (var (name, value) in members)
        {
            switch (value)
            {
                case JsonArray list:
                    xml.AppendJoin("", list.Select(entry => Element(name[..^1], Members((JsonObject)entry!))));
                    break;
                case JsonObject map when name is "Attributes" or "MessageAttributes":
                    xml.AppendJoin("", map.Select(entry =>
                        Element(name[..^1], Element("Name", Xml(entry.Key)) + Element("Value", Value(entry.Value!)))));
                    break;
                default:
                    xml.Append(Element(name, Value(value!)));
                    break;
            }
        }

        return xml.ToString();
    }

    private static string Value(JsonNode value) => value is JsonObject members ? Members(members) : Xml(value.ToString());

    private static string Element(string name, string inner) => $"<{name}>{inner}</{name}>";
}
