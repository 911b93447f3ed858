using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace FastTrigger.Cli.LocalAws;

/// <summary>
/// Checks a SendCommand request before it runs (docs.aws.amazon.com/systems-manager/latest/APIReference/API_SendCommand.html).
/// </summary>
internal static partial class SendCommandCheck
{
    private const int MaxDocumentBytes = 64 * 1024, MaxInstanceIds = 50, MaxTargets = 5, MaxTargetValues = 50;

    public static readonly string[] Members =
    [
        "DocumentName", "DocumentVersion", "DocumentHash", "DocumentHashType", "InstanceIds", "Targets", "Parameters", "Comment",
        "MaxConcurrency", "MaxErrors", "TimeoutSeconds", "OutputS3BucketName", "OutputS3KeyPrefix", "CloudWatchOutputConfig",
        "ServiceRoleArn", "NotificationConfig", "AlarmConfiguration",
    ];

    /// <param name="documents">The custom documents of the world.</param>
    public static void Check(JsonObject request, IReadOnlyList<WorldDocument> documents)
    {
        var name = request.Text("DocumentName") ?? throw AwsError.Validation("DocumentName is required");
        var document = documents.FirstOrDefault(known => known.Name == name && known.Script is not null);
        if (document is null && name is not ("AWS-RunShellScript" or "AWS-RunPowerShellScript"))
        {
            throw new AwsError(400, "InvalidDocument", $"Document {name} does not exist here");
        }

        if (name == "AWS-RunPowerShellScript")
        {
            throw new AwsError(400, "UnsupportedPlatformType", "The local instances run Linux");
        }

        CheckPattern(request, "DocumentVersion", "InvalidDocumentVersion", DocumentVersion());
        CheckPattern(request, "MaxConcurrency", "ValidationException", Concurrency());
        CheckPattern(request, "MaxErrors", "ValidationException", Errors());
        if (request.Text("Comment") is { Length: > 100 })
        {
            throw AwsError.Validation("Comment has at most 100 characters");
        }

        if (request["TimeoutSeconds"] is { } seconds && seconds.GetValue<int>() is < 30 or > 2_592_000)
        {
            throw AwsError.Validation("TimeoutSeconds is from 30 to 2592000");
        }

        CheckOptions(request);
        var parameters = request["Parameters"] as JsonObject ?? [];
        if (document is null)
        {
            CheckShellScript(parameters);
        }
        else
        {
            CheckParameters(document, parameters);
        }

        CheckTargets(request.List("InstanceIds"), request["Targets"] as JsonArray ?? []);
    }

    /// <summary>Checks the parameters of a custom document, which all need a value.</summary>
    public static void CheckParameters(WorldDocument document, JsonObject parameters)
    {
        if (parameters.Select(parameter => parameter.Key).FirstOrDefault(name => !document.Parameters.Contains(name)) is { } unknown)
        {
            throw new AwsError(400, "InvalidParameters", $"{document.Name} has no parameter {unknown}");
        }

        if (document.Parameters.FirstOrDefault(name => parameters[name] is not JsonArray { Count: > 0 }) is { } missing)
        {
            throw new AwsError(400, "InvalidParameters", $"{document.Name} needs the parameter {missing}, a list");
        }
    }

    private static void CheckOptions(JsonObject request)
    {
        if (request["DocumentHash"] is not null
            && (request.Text("DocumentHashType") != "Sha256" || request.Text("DocumentHash")!.Length != 64))
        {
            throw new AwsError(400, "InvalidDocument", "DocumentHash is a Sha256 of 64 digits");
        }

        if (request["NotificationConfig"] is JsonObject notification
            && (request.Text("ServiceRoleArn") is null || notification["NotificationArn"] is null))
        {
            throw new AwsError(400, "InvalidRole", "ServiceRoleArn and NotificationArn are required");
        }

        if (request["AlarmConfiguration"] is JsonObject alarm && alarm["Alarms"] is not JsonArray { Count: 1 })
        {
            throw AwsError.Validation("AlarmConfiguration has one alarm");
        }
    }

    private static void CheckShellScript(JsonObject parameters)
    {
        foreach (var (name, value) in parameters)
        {
            if (name is not ("commands" or "workingDirectory" or "executionTimeout") || value is not JsonArray { Count: > 0 } list)
            {
                throw new AwsError(
                    400,
                    "InvalidParameters",
                    $"AWS-RunShellScript takes lists as commands, workingDirectory and executionTimeout; not {name}");
            }

            if (list.Any(text => Substitution().IsMatch(text!.GetValue<string>())))
            {
                throw new AwsError(400, "InvalidParameters", $"{name} contains {{{{ }}}}, which Systems Manager would replace");
            }
        }

        if (parameters["commands"] is null || parameters.ToJsonString().Length > MaxDocumentBytes)
        {
            throw new AwsError(400, "InvalidParameters", "commands is required, and a document has at most 64 KB");
        }

        if (parameters["executionTimeout"] is JsonArray timeout && !IsExecutionTimeout(timeout[0]!.GetValue<string>()))
        {
            throw new AwsError(400, "InvalidParameters", "executionTimeout is from 1 to 172800");
        }
    }

    private static bool IsExecutionTimeout(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 1 and <= 172_800;

    private static void CheckTargets(List<string> ids, JsonArray targets)
    {
        if ((ids.Count == 0) == (targets.Count == 0))
        {
            throw AwsError.Validation("either InstanceIds or Targets is required");
        }

        if (ids.Count > MaxInstanceIds || ids.Exists(id => !InstanceId().IsMatch(id)))
        {
            throw AwsError.Validation("InstanceIds has at most 50 ids, i-... or mi-...");
        }

        if (targets.Count > MaxTargets || !targets.All(target => IsTarget((JsonObject)target!)))
        {
            throw AwsError.Validation(
                "Targets has at most 5 entries, each a tag:KEY or resource-groups:Name with 1 to 50 values");
        }
    }

    private static bool IsTarget(JsonObject target) =>
        target["Values"] is JsonArray { Count: >= 1 and <= MaxTargetValues }
        && target.Text("Key") is { } key
        && (key.StartsWith("tag:", StringComparison.Ordinal)
            || key is "resource-groups:Name" or "resource-groups:ResourceTypeFilters");

    private static void CheckPattern(JsonObject request, string name, string code, Regex pattern)
    {
        if (request.Text(name) is { } text && !pattern.IsMatch(text))
        {
            throw new AwsError(400, code, $"{name} '{text}' does not match {pattern}");
        }
    }

    [GeneratedRegex(@"^(\$LATEST|\$DEFAULT|[1-9][0-9]*)$")]
    private static partial Regex DocumentVersion();

    [GeneratedRegex(@"^([1-9][0-9]*|[1-9][0-9]%|[1-9]%|100%)$")]
    private static partial Regex Concurrency();

    [GeneratedRegex(@"^([1-9][0-9]*|[0]|[1-9][0-9]%|[0-9]%|100%)$")]
    private static partial Regex Errors();

    [GeneratedRegex("^(i-([0-9a-f]{8}|[0-9a-f]{17})|mi-[0-9a-f]{17})$")]
    private static partial Regex InstanceId();

    [GeneratedRegex(@"\{\{\s*(ssm|global|platformType)")]
    private static partial Regex Substitution();
}
