using System.Globalization;
using System.Text;
using FastTrigger.Aws.Ssm;
using FastTrigger.Values;

namespace FastTrigger.Actions.RunCommand;

/// <summary>
/// Fills in a command's settings for one item. The first value that is not available is the failure, and the request must not be sent then.
/// </summary>
internal sealed class CommandRequestBuilder(RunCommandSettings settings, ValueScope scope)
{
    /// <summary>The room in Comment beside the token by which a command is found again.</summary>
    private const int MaxComment = 100 - CommandSender.TokenLength - 1;

    public ActionResult? Failure { get; private set; }

    public SendCommandRequest Build(string onceKey)
    {
        var comment = settings.Comment is { } template ? Fill("comment", template) : $"FastTrigger {scope.RouteName}";
        var options = settings.Options;
        return new()
        {
            DocumentName = settings.DocumentName,
            DocumentVersion = options.DocumentVersion,
            DocumentHash = options.DocumentHash,
            Targets = settings.Targets.Tags.ConvertAll(Fill),
            Parameters = settings.Document is null ? Parameters(onceKey) : OwnParameters(),
            Comment = comment.Length <= MaxComment ? comment : comment[..MaxComment],
            DeliveryTimeoutSeconds = options.DeliveryTimeoutSeconds,
            MaxConcurrency = options.MaxConcurrency,
            MaxErrors = options.MaxErrors,
            OutputS3BucketName = options.OutputS3BucketName,
            OutputS3KeyPrefix = options.OutputS3KeyPrefix,
            CloudWatchLogGroup = options.CloudWatchLogGroup,
            ServiceRoleArn = options.ServiceRoleArn,
            Notification = options.Notification,
            Alarm = options.Alarm,
        };
    }

    /// <summary>C7: text that would not arrive unchanged.</summary>
    private static string? Refuse(string value) =>
        value.Contains('\0') ? "the value has a NUL character, which no variable can hold"
        : value.Contains("{{", StringComparison.Ordinal) ? "the value has {{ in it, which Systems Manager would replace"
        : null;

    private List<(string Name, IReadOnlyList<string> Values)> OwnParameters()
    {
        var parameters = DocumentSetting.Evaluate(settings.Parameters, scope, out var end);
        Failure ??= parameters is null ? end : null;
        return parameters ?? [];
    }

    private List<(string Name, IReadOnlyList<string> Values)> Parameters(string onceKey)
    {
        var guard = settings.Once.IsPerServer ? onceKey : null;
        var script = new CommandScript(settings.Shell, settings.Commands, guard, settings.Once.RerunInterrupted);
        var text = script.Write(settings.Environment.ConvertAll(variable => (variable.Name, Variable(variable.Name, variable.Value))));
        if (Encoding.UTF8.GetByteCount(text) > CommandScript.MaxBytes)
        {
            Failure ??= ActionResult.Failed($"the command and its environment are over {CommandScript.MaxBytes / 1024} KB");
        }

        var parameters = new List<(string Name, IReadOnlyList<string> Values)> { ("commands", [text]) };
        if (settings.ExecutionTimeoutSeconds is { } seconds)
        {
            parameters.Add(("executionTimeout", [seconds.ToString(CultureInfo.InvariantCulture)]));
        }

        if (settings.WorkingDirectory is { } directory)
        {
            parameters.Add(("workingDirectory", [Fill("workingDirectory", directory)]));
        }

        return parameters;
    }

    private string Variable(string name, ValueTemplate template)
    {
        var value = Fill($"environment.{name}", template);
        if (Refuse(value) is { } problem)
        {
            Failure ??= ActionResult.Failed($"environment.{name}: {problem}");
        }

        return value;
    }

    private (string Key, IReadOnlyList<string> Values) Fill((string Key, List<ValueTemplate> Values) target) =>
        (target.Key, target.Values.ConvertAll(value => Fill($"targets.{target.Key}", value)));

    private string Fill(string setting, ValueTemplate template)
    {
        var value = template.Evaluate(scope);
        Failure ??= value.Failure(setting);
        return value.Joined;
    }
}
