namespace FastTrigger.Aws.Ssm;

/// <summary>
/// The request of SendCommand (docs.aws.amazon.com/systems-manager/latest/APIReference/API_SendCommand.html); null leaves a member to
/// Systems Manager.
/// </summary>
internal readonly struct SendCommandRequest()
{
    public required string DocumentName { get; init; }

    public string? DocumentVersion { get; init; }

    /// <summary>SHA-256 of the document, in hexadecimal.</summary>
    public string? DocumentHash { get; init; }

    public IReadOnlyList<string> InstanceIds { get; init; } = [];

    public List<(string Key, IReadOnlyList<string> Values)> Targets { get; init; } = [];

    public IReadOnlyList<(string Name, IReadOnlyList<string> Values)> Parameters { get; init; } = [];

    public string? Comment { get; init; }

    /// <summary>Seconds until a server must have received the command.</summary>
    public int? DeliveryTimeoutSeconds { get; init; }

    public string? MaxConcurrency { get; init; }

    public string? MaxErrors { get; init; }

    public string? OutputS3BucketName { get; init; }

    public string? OutputS3KeyPrefix { get; init; }

    /// <summary>Null for no output to CloudWatch Logs; empty for the log group that Systems Manager names itself.</summary>
    public string? CloudWatchLogGroup { get; init; }

    public string? ServiceRoleArn { get; init; }

    public CommandNotification? Notification { get; init; }

    public CommandAlarm? Alarm { get; init; }
}

/// <summary>The events of a command that Systems Manager publishes to an SNS topic.</summary>
/// <param name="Type">Command, or Invocation for each server.</param>
internal sealed record CommandNotification(string Arn, IReadOnlyList<string> Events, string? Type);

/// <summary>A CloudWatch alarm that stops a command before it goes to more servers.</summary>
internal sealed record CommandAlarm(string Name, bool IgnorePollFailure);
