using FastTrigger.Aws;
using FastTrigger.Aws.Ssm;
using FastTrigger.Json;
using FastTrigger.Values;

namespace FastTrigger.Actions.RunCommand;

/// <summary>The options of SendCommand that need no event, named as its API names them.</summary>
internal sealed class CommandOptions
{
    private const string BucketForm = "the name of a bucket: 3 to 63 lower-case letters, digits, dots and hyphens";

    private const string RoleForm = "the ARN of a role that Systems Manager may use to notify";

    public required string? DocumentVersion { get; init; }

    public required string? DocumentHash { get; init; }

    public required string? MaxConcurrency { get; init; }

    public required string? MaxErrors { get; init; }

    public required int? DeliveryTimeoutSeconds { get; init; }

    public required string? OutputS3BucketName { get; init; }

    public required string? OutputS3KeyPrefix { get; init; }

    public required string? CloudWatchLogGroup { get; init; }

    public required string? ServiceRoleArn { get; init; }

    public required CommandNotification? Notification { get; init; }

    public required CommandAlarm? Alarm { get; init; }

    public static CommandOptions Read(SettingReader settings)
    {
        var options = new CommandOptions
        {
            DocumentVersion = ReadVersion(settings),
            DocumentHash = settings.Matching("documentHash", "the document's SHA-256: 64 hexadecimal digits", IsHash),
            MaxConcurrency = ReadMaxConcurrency(settings),
            MaxErrors = ReadMaxErrors(settings),
            DeliveryTimeoutSeconds = settings.Integer("deliveryTimeoutSeconds", 30, 2_592_000),
            OutputS3BucketName = settings.Matching("outputS3BucketName", BucketForm, IsBucket),
            OutputS3KeyPrefix = settings.Matching("outputS3KeyPrefix", "at most 500 characters", static text => text.Length <= 500),
            CloudWatchLogGroup = settings.Object("cloudWatchOutputConfig", ReadLogGroup),
            ServiceRoleArn = settings.Matching("serviceRoleArn", RoleForm, RoleSetting.IsArn),
            Notification = settings.Object("notificationConfig", ReadNotification),
            Alarm = settings.Object("alarmConfiguration", ReadAlarm),
        };
        if (options.OutputS3KeyPrefix is not null && options.OutputS3BucketName is null)
        {
            settings.Refuse("outputS3KeyPrefix", "'outputS3KeyPrefix' stands beside 'outputS3BucketName'");
        }

        if ((options.Notification is null) != (options.ServiceRoleArn is null))
        {
            const string Together = "'notificationConfig' and 'serviceRoleArn' go together: Systems Manager notifies as that role";
            settings.Problems.Add(settings.Node, Together);
        }

        return options;
    }

    public static string? ReadVersion(SettingReader settings) =>
        settings.Matching("documentVersion", "\"$LATEST\", \"$DEFAULT\" or a number in quotes", IsVersion);

    public static string? ReadMaxConcurrency(SettingReader settings) => settings.Matching(
        "maxConcurrency",
        "a number or a percentage in quotes, such as \"10\" or \"25%\"",
        static text => IsCount(text) && text is not ("0" or "0%"));

    public static string? ReadMaxErrors(SettingReader settings) => settings.Matching(
        "maxErrors",
        "a number or a percentage in quotes, such as \"0\" or \"10%\"",
        static text => IsCount(text));

    /// <summary>A number without leading zeros, or a percentage up to 100 %.</summary>
    private static bool IsCount(string text)
    {
        var digits = text.EndsWith('%') ? text[..^1] : text;
        return IsNumber(digits)
            && (digits.Length == 1 || digits[0] != '0')
            && (digits.Length == text.Length || digits.Length < 3 || digits == "100");
    }

    private static string? ReadLogGroup(SettingReader settings)
    {
        const string Form = "the name of a log group: 1 to 512 letters, digits and . - _ / #";
        var group = settings.Matching("cloudWatchLogGroupName", Form, IsLogGroup);
        return settings.Boolean("cloudWatchOutputEnabled", otherwise: true) ? group ?? "" : null;
    }

    private static CommandNotification? ReadNotification(SettingReader settings)
    {
        const string Form = "a list of All, InProgress, Success, TimedOut, Cancelled or Failed";
        const string ArnForm = "the ARN of an SNS topic, arn:aws:sns:REGION:ACCOUNT:NAME";
        _ = settings.Require("notificationArn", ArnForm);
        var arn = settings.Matching("notificationArn", ArnForm, IsTopic);
        JsonNode[] events = settings.Require("notificationEvents", Form) is { } node
            ? settings.Strings(node, "notificationEvents")
            : [];
        foreach (var name in events)
        {
            var isEvent = name.Text is "All" or "InProgress" or "Success" or "TimedOut" or "Cancelled" or "Failed";
            settings.Expect(name, isEvent, "notificationEvents", Form);
        }

        var type = settings.Choice("notificationType", "Command", "Invocation");
        return arn is null ? null : new(arn, events.ConvertEach(static name => name.Text), type);
    }

    private static CommandAlarm? ReadAlarm(SettingReader settings)
    {
        const string Form = "a list with the name of one CloudWatch alarm, 1 to 255 characters";
        var ignore = settings.Boolean("ignorePollAlarmFailure", otherwise: false);
        if (settings.Require("alarms", Form) is not { } node)
        {
            return null;
        }

        var name = node.Items.ToArray() is [{ IsString: true, Text: var only }] ? only : "";
        var isName = name.Length <= 255 && !string.IsNullOrWhiteSpace(name);
        return settings.Expect(node, isName, "alarms", Form) ? new(name, ignore) : null;
    }

    private static bool IsVersion(string text) => text is "$LATEST" or "$DEFAULT" || (IsNumber(text) && text[0] != '0');

    /// <summary>docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html</summary>
    private static bool IsBucket(string text) =>
        text.Length is >= 3 and <= 63
        && SettingReader.IsMadeOf(text, ".-")
        && !text.AsSpan().ContainsAnyInRange('A', 'Z')
        && char.IsAsciiLetterOrDigit(text[0])
        && char.IsAsciiLetterOrDigit(text[^1]);

    private static bool IsLogGroup(string text) => text.Length is > 0 and <= 512 && SettingReader.IsMadeOf(text, ".-_/#");

    private static bool IsTopic(string text) =>
        text.Split(':') is ["arn", _, "sns", { Length: > 0 } region, { Length: 12 }, { Length: > 0 }] && Partition.Of(region) is not null;

    private static bool IsNumber(string text) => text.Length is > 0 and <= 7 && !text.AsSpan().ContainsAnyExceptInRange('0', '9');

    private static bool IsHash(string text)
    {
        foreach (var digit in text)
        {
            if (!char.IsAsciiHexDigit(digit))
            {
                return false;
            }
        }

        return text.Length == 64;
    }
}
