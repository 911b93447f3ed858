using System.Text.Json.Nodes;

namespace FastTrigger.Cli.LocalAws;

/// <summary>A call that is not answered yet, with what is known of it so far.</summary>
internal sealed class PendingCall(LocalService service)
{
    public LocalService Service => service;

    public string Account { get; set; } = "";

    public string Operation { get; set; } = "?";

    public JsonNode Parameters { get; set; } = new JsonObject();

    public AwsCall Answered(int status, string note) =>
        new(service.Name, Operation, status, Parameters, note, DateTimeOffset.UtcNow, Account);
}
