namespace FastTrigger.Cli.LocalAws;

/// <summary>A sent command, with its outcome on each server.</summary>
internal sealed class LocalCommand
{
    public required string Id { get; init; }

    public required string DocumentName { get; init; }

    public string Comment { get; init; } = "";

    public required DateTimeOffset Requested { get; init; }

    public required IReadOnlyList<LocalInvocation> Invocations { get; init; }

    public bool TargetsTags { get; init; }

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

    /// <summary>Ends the invocation if it still runs.</summary>
    public CancellationTokenSource Cancellation { get; } = new();

    /// <summary>A more precise status, where Systems Manager has one.</summary>
    public string StatusDetails => Details ?? (Status == "TimedOut" ? "ExecutionTimedOut" : Status);

    public string? Details { get; set; }

    /// <summary>The script of the running command.</summary>
    public string Script { get; set; } = "";

    /// <summary>Interrupts the command; null when it does not run.</summary>
    public Action? Kill { get; set; }

    /// <summary>Why the script was not executed; null when it was.</summary>
    public string? NotExecuted { get; set; }

    public int ExitCode { get; set; } = -1;

    public string StandardOutput { get; set; } = "";

    public string StandardError { get; set; } = "";
}
