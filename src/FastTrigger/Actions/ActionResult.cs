namespace FastTrigger;

/// <summary>The outcome of an action (C3.1).</summary>
public enum Outcome
{
    /// <summary>It was carried out.</summary>
    Done,

    /// <summary>There was nothing to do, and that is no mistake.</summary>
    Skipped,

    /// <summary>It was not carried out and may be tried again.</summary>
    Retry,

    /// <summary>It was not carried out, and trying again will not change that.</summary>
    Failed,
}

/// <summary>The outcome of an action, and the reason.</summary>
public readonly record struct ActionResult
{
    private ActionResult(Outcome outcome, string detail)
    {
        Outcome = outcome;
        Detail = detail;
    }

    /// <summary>The outcome.</summary>
    public Outcome Outcome { get; private init; }

    /// <summary>What was done, or why it was not: a sentence for people, without secrets or payload.</summary>
    public string Detail { get; private init; }

    /// <summary>The SSM command that was sent; null when none was.</summary>
    public string? CommandId { get; init; }

    /// <summary>
    /// JSON for a source that waits for an answer: the body over HTTP, or the whole response when it has "statusCode". For others it is an
    /// authorizer's policy, the `response` of a Cognito trigger, a bot's reply, {"result", "data"} for Firehose or a custom resource's
    /// Data, else the response of the invocation. Null for the source's own answer.
    /// </summary>
    public string? Answer { get; init; }

    /// <summary>Whether AWS has accepted the work and carries it out later.</summary>
    internal bool IsAccepted { get; init; }

    /// <summary>Whether it may be tried again because AWS throttled it.</summary>
    internal bool IsThrottled { get; init; }

    /// <summary>Whether AWS refused the call because of one of its targets, so that it may succeed without that one.</summary>
    internal bool BlamesTarget { get; init; }

    /// <summary>The result of a command on each server, when it was waited for.</summary>
    internal IReadOnlyList<InstanceResult>? Instances { get; init; }

    /// <summary>Whether it may have taken effect although the outcome is not done, which must be recorded (C4.3).</summary>
    internal bool MayHaveRun { get; init; }

    /// <summary>Whether an earlier delivery had done it.</summary>
    internal bool WasDoneBefore { get; init; }

    /// <summary>Whether the invocation's time ran out meanwhile.</summary>
    internal bool TimeIsUp { get; init; }

    /// <summary>Whether the credentials have expired, so that only a fresh environment can continue (C5.4).</summary>
    internal bool CredentialsExpired { get; init; }

    /// <summary>The same result with more text.</summary>
    internal ActionResult Adding(string text) => this with { Detail = Detail + text };

    /// <summary>The same result, but final.</summary>
    internal ActionResult Failing(string reason) => this with { Outcome = Outcome.Failed, Detail = reason };

    /// <summary>The same result, but not final.</summary>
    internal ActionResult Retrying() => this with { Outcome = Outcome.Retry };

    internal string OutcomeName => Outcome switch
    {
        Outcome.Done => "done",
        Outcome.Skipped => "skipped",
        Outcome.Retry => "retry",
        _ => "failed",
    };

    /// <summary>It was carried out.</summary>
    public static ActionResult Done(string detail) => new(Outcome.Done, detail);

    /// <summary>There was nothing to do.</summary>
    public static ActionResult Skipped(string reason) => new(Outcome.Skipped, reason);

    /// <summary>It may be tried again: an asynchronous invocation is retried by Lambda.</summary>
    public static ActionResult Retry(string reason) => new(Outcome.Retry, reason);

    /// <summary>It failed for good.</summary>
    public static ActionResult Failed(string reason) => new(Outcome.Failed, reason);
}

/// <summary>The result of a command on one server.</summary>
/// <param name="Status">StatusDetails of Systems Manager.</param>
/// <param name="ExitCode">Null when the command did not end by itself.</param>
internal readonly record struct InstanceResult(string InstanceId, string Status, int? ExitCode, string Output);
