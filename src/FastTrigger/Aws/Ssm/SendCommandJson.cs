using FastTrigger.Core;
using static FastTrigger.Aws.JsonServiceClient;

namespace FastTrigger.Aws.Ssm;

/// <summary>Writes the document of SendCommand.</summary>
internal static class SendCommandJson
{
    /// <summary>The whole request as text: two requests with the same text are the same request.</summary>
    public static string Text(SendCommandRequest request)
    {
        var text = new ByteBuffer(1024);
        var json = new JsonBuilder(text).BeginObject();
        Write(json, request);
        json.EndObject();
        return text.ToString();
    }

    public static void Write(JsonBuilder writer, SendCommandRequest request)
    {
        writer.Member("DocumentName", request.DocumentName);
        WriteIfNotNull(writer, "DocumentVersion", request.DocumentVersion);
        if (request.DocumentHash is { } hash)
        {
            writer.Member("DocumentHash", hash).Member("DocumentHashType", "Sha256");
        }

        WriteList(writer, "InstanceIds", request.InstanceIds);
        WriteTargets(writer, request.Targets);
        WriteParameters(writer, request.Parameters);
        WriteIfNotNull(writer, "Comment", request.Comment);
        WriteIfNotNull(writer, "MaxConcurrency", request.MaxConcurrency);
        WriteIfNotNull(writer, "MaxErrors", request.MaxErrors);
        if (request.DeliveryTimeoutSeconds is { } seconds)
        {
            writer.Member("TimeoutSeconds", seconds);
        }

        WriteIfNotNull(writer, "OutputS3BucketName", request.OutputS3BucketName);
        WriteIfNotNull(writer, "OutputS3KeyPrefix", request.OutputS3KeyPrefix);
        WriteIfNotNull(writer, "ServiceRoleArn", request.ServiceRoleArn);
        WriteLogGroup(writer, request.CloudWatchLogGroup);
        WriteNotification(writer, request.Notification);
        WriteAlarm(writer, request.Alarm);
    }

    public static void WriteTargets(JsonBuilder writer, IReadOnlyList<(string Key, IReadOnlyList<string> Values)> targets)
    {
        if (targets.Count == 0)
        {
            return;
        }

        writer.Name("Targets").BeginArray();
        foreach (var (key, values) in targets)
        {
            writer.BeginObject().Member("Key", key);
            WriteList(writer, "Values", values);
            writer.EndObject();
        }

        writer.EndArray();
    }

    public static void WriteParameters(JsonBuilder writer, IReadOnlyList<(string Name, IReadOnlyList<string> Values)> parameters)
    {
        if (parameters.Count == 0)
        {
            return;
        }

        writer.Name("Parameters").BeginObject();
        foreach (var (name, values) in parameters)
        {
            WriteList(writer, name, values);
        }

        writer.EndObject();
    }

    private static void WriteLogGroup(JsonBuilder writer, string? group)
    {
        if (group is null)
        {
            return;
        }

        writer.Name("CloudWatchOutputConfig").BeginObject().Name("CloudWatchOutputEnabled").Boolean(true);
        WriteIfNotNull(writer, "CloudWatchLogGroupName", group.Length > 0 ? group : null);
        writer.EndObject();
    }

    private static void WriteNotification(JsonBuilder writer, CommandNotification? notification)
    {
        if (notification is null)
        {
            return;
        }

        writer.Name("NotificationConfig").BeginObject().Member("NotificationArn", notification.Arn);
        WriteList(writer, "NotificationEvents", notification.Events);
        WriteIfNotNull(writer, "NotificationType", notification.Type);
        writer.EndObject();
    }

    private static void WriteAlarm(JsonBuilder writer, CommandAlarm? alarm)
    {
        if (alarm is null)
        {
            return;
        }

        writer.Name("AlarmConfiguration").BeginObject()
            .Name("IgnorePollAlarmFailure").Boolean(alarm.IgnorePollFailure)
            .Name("Alarms").BeginArray().BeginObject().Member("Name", alarm.Name).EndObject().EndArray()
            .EndObject();
    }
}
