using System.Text.Json.Nodes;

namespace FastTrigger.Cli.LocalAws;

/// <summary>Writes commands and invocations as Systems Manager does.</summary>
internal static class CommandJson
{
    public static JsonObject Describe(LocalCommand command) => new()
    {
        ["CommandId"] = command.Id,
        ["DocumentName"] = command.DocumentName,
        ["Comment"] = command.Comment,
        ["RequestedDateTime"] = command.Requested.ToUnixTimeMilliseconds() / 1000.0,
        ["Status"] = command.Status,
        ["StatusDetails"] = command.StatusDetails,
        ["InstanceIds"] = LocalRequest.Strings(
            command.TargetsTags ? [] : command.Invocations.Select(invocation => invocation.InstanceId)),
        ["TargetCount"] = command.Invocations.Count,
        ["CompletedCount"] = command.Invocations.Count(invocation => invocation.Status is not ("Pending" or "InProgress")),
        ["ErrorCount"] = command.Invocations.Count(invocation => invocation.Status is "Failed" or "TimedOut"),
    };

    /// <param name="details">Whether the output is included.</param>
    public static JsonObject Describe(LocalCommand command, LocalInvocation invocation, bool details)
    {
        var described = new JsonObject
        {
            ["CommandId"] = command.Id,
            ["InstanceId"] = invocation.InstanceId,
            ["DocumentName"] = command.DocumentName,
            ["Comment"] = command.Comment,
            ["RequestedDateTime"] = command.Requested.ToUnixTimeMilliseconds() / 1000.0,
            ["Status"] = invocation.Status,
            ["StatusDetails"] = invocation.StatusDetails,
        };
        if (details)
        {
            var error = invocation.StandardError.Length > 0 ? "\n----------ERROR-------\n" + invocation.StandardError : "";
            described["CommandPlugins"] = new JsonArray(new JsonObject
            {
                ["Name"] = "aws:runShellScript",
                ["Status"] = invocation.Status,
                ["StatusDetails"] = invocation.Status,
                ["ResponseCode"] = invocation.ExitCode,
                ["Output"] = invocation.StandardOutput + error,
            });
        }

        return described;
    }
}
