using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace FastTrigger.Cli.LocalAws;

/// <summary>
/// Checks a SendCommand request before it runs (docs.aws.amazon.com/systems-manager/latest/APIReference/API_SendCommand.html), beyond the
/// limits of its model.
/// </summary>
internal static partial class SendCommandCheck
{
    private const int MaxDocumentBytes = 64 * 1024;

    /// <param name="documents">The custom documents of the world.</param>
    public static void Check(JsonObject request, IReadOnlyList<WorldDocument> documents)
    {
        var name = request.Text("DocumentName")!;
        var document = documents.FirstOrDefault(known => known.Name == name && known.Script is not null);
        if (document is null && name is not ("AWS-RunShellScript" or "AWS-RunPowerShellScript"))
        {
            throw new AwsError(400, "InvalidDocument", $"Document {name} does not exist here");
        }

        if (name == "AWS-RunPowerShellScript")
        {
            throw new AwsError(400, "UnsupportedPlatformType", "The local instances run Linux");
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

        if (parameters.List("executionTimeout") is [var timeout, ..] && !IsExecutionTimeout(timeout))
        {
            throw new AwsError(400, "InvalidParameters", "executionTimeout is from 1 to 172800");
        }

        CheckTargets(request.List("InstanceIds"), request.Objects("Targets"));
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
            && (request.Text("DocumentHashType") is not ("Sha256" or null) || request.Text("DocumentHash")!.Length != 64))
        {
            throw new AwsError(400, "InvalidDocument", "DocumentHash is a Sha256 of 64 digits");
        }

        if (request["NotificationConfig"] is JsonObject notification
            && (request.Text("ServiceRoleArn") is null || notification["NotificationArn"] is null))
        {
            throw new AwsError(400, "InvalidRole", "ServiceRoleArn and NotificationArn are required");
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
    }

    private static bool IsExecutionTimeout(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 1 and <= 172_800;

    private static void CheckTargets(List<string> ids, List<JsonObject> targets)
    {
        if ((ids.Count == 0) == (targets.Count == 0))
        {
            throw AwsError.Validation("either InstanceIds or Targets is required");
        }

        if (!targets.TrueForAll(IsTarget))
        {
            throw AwsError.Validation("each of Targets is a tag:KEY or resource-groups:Name with 1 to 50 values");
        }
    }

    private static bool IsTarget(JsonObject target) =>
        target.List("Values").Count > 0
        && target.Text("Key") is { } key
        && (key.StartsWith("tag:", StringComparison.Ordinal)
            || key is "resource-groups:Name" or "resource-groups:ResourceTypeFilters");

    [GeneratedRegex(@"\{\{\s*(ssm|global|platformType)")]
    private static partial Regex Substitution();
}
