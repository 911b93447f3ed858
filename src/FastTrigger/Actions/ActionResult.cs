namespace FastTrigger;

/// <summary>How an action ended (C3.1).</summary>
public enum Outcome
{
    /// <summary>It was carried out.</summary>
    Done,

    /// <summary>There was nothing to do, for a reason that is no mistake.</summary>
    Skipped,

    /// <summary>It was not carried out and may be tried again.</summary>
    Retry,

    /// <summary>It was not carried out, and trying again will not change that.</summary>
    Failed,
}

/// <summary>What became of an action, and why.</summary>
public readonly record struct ActionResult
{
    private ActionResult(Outcome outcome, string detail)
    {
        Outcome = outcome;
        Detail = detail;
    }

    /// <summary>How it ended.</summary>
    public Outcome Outcome { get; }

    /// <summary>What was done, or the reason why not: a sentence for people, without secrets or payload.</summary>
    public string Detail { get; private init; }

    /// <summary>The SSM command that was sent; null when none was.</summary>
    public string? CommandId { get; init; }

    /// <summary>JSON for whoever waits for an answer: the body over HTTP (or the whole answer, when it has "statusCode"), an authorizer's policy, the `response` of a Cognito trigger, a bot's reply, {"result", "data"} for Firehose,
    /// a custom resource's Data, and otherwise what the invocation is answered with. Null for the source's own.</summary>
    public string? Answer { get; init; }

    /// <summary>Whether AWS has only taken on what it will carry out later.</summary>
    internal bool IsAccepted { get; init; }

    /// <summary>Whether it is to be tried again because AWS is asked too often.</summary>
    internal bool IsThrottled { get; init; }

    /// <summary>Whether somebody who waited for it has been told, so that it does not fail the invocation (C3.4).</summary>
    internal bool IsSettled { get; init; }

    /// <summary>What became of a command on each server, when it was waited for.</summary>
    internal IReadOnlyList<InstanceResult>? Instances { get; init; }

    /// <summary>Whether something may have been done although it did not end as done: what must not be forgotten (C4.3).</summary>
    internal bool MayHaveRun { get; init; }

    /// <summary>Whether an earlier delivery had done it.</summary>
    internal bool WasDoneBefore { get; init; }

    /// <summary>Whether the invocation's time ran out while this was done.</summary>
    internal bool TimeIsUp { get; init; }

    /// <summary>Whether the credentials have expired, so that only a fresh environment can go on (C5.4).</summary>
    internal bool CredentialsExpired { get; init; }

    /// <summary>The same with more to say.</summary>
    internal ActionResult Adding(string text) => this with { Detail = Detail + text };

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

/// <summary>What became of a command on one server.</summary>
/// <param name="Status">As Systems Manager's StatusDetails words it.</param>
/// <param name="ExitCode">Null when it did not end by itself.</param>
internal readonly record struct InstanceResult(string InstanceId, string Status, int? ExitCode, string Output);
