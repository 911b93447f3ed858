namespace FastTrigger.Cli.LocalAws;

/// <summary>A command that was sent, and what became of it on each server.</summary>
internal sealed class LocalCommand
{
    public required string Id { get; init; }

    public required string DocumentName { get; init; }

    public string Comment { get; init; } = "";

    public required DateTimeOffset Requested { get; init; }

    public required IReadOnlyList<LocalInvocation> Invocations { get; init; }

    public bool TargetsTags { get; init; }

    /// <summary>Ends what has not ended.</summary>
    public CancellationTokenSource Cancellation { get; } = new();

    public string StatusDetails =>
        Invocations.Count == 0 && TargetsTags ? "NoInstancesInTag"
        : Invocations.Any(invocation => invocation.Status is "Pending" or "InProgress") ? "InProgress"
        : Invocations.FirstOrDefault(invocation => invocation.Status != "Success")?.Status ?? "Success";

    public string Status => StatusDetails == "NoInstancesInTag" ? "Success" : StatusDetails;
}

/// <summary>A command on one server.</summary>
internal sealed class LocalInvocation(string instanceId, string documentName)
{
    public string InstanceId => instanceId;

    public string DocumentName => documentName;

    public string Status { get; set; } = "Pending";

    /// <summary>Says more than the status where Systems Manager does.</summary>
    public string StatusDetails => Details ?? (Status == "TimedOut" ? "ExecutionTimedOut" : Status);

    public string? Details { get; set; }

    /// <summary>What is run.</summary>
    public string Script { get; set; } = "";

    /// <summary>Ends it in the middle; null when it is not running.</summary>
    public Action? Kill { get; set; }

    public int ExitCode { get; set; } = -1;

    public string StandardOutput { get; set; } = "";

    public string StandardError { get; set; } = "";
}
