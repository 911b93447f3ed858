using FastTrigger.Aws;

namespace FastTrigger.Actions;

/// <summary>What a failed call of AWS makes of the action that needed it.</summary>
internal static class AwsFailures
{
    /// <param name="call">The operation, as the reason names it.</param>
    public static ActionResult Result(this AwsFailure failure, string call)
    {
        var text = $"{call}: {failure.Reason}";
        var result = failure.MayPass || IsTransient(failure.Code) ? ActionResult.Retry(text) : ActionResult.Failed(text);
        return result with
        {
            TimeIsUp = failure.TimeIsUp,
            IsThrottled = failure.Kind == AwsFailureKind.Throttled,
            CredentialsExpired = failure.Kind == AwsFailureKind.Expired,
        };
    }

    /// <summary>Refusals that say: not now. Nothing was done, but asking again at once would not help.</summary>
    private static bool IsTransient(string code) => code is "TargetNotConnected" or "InvocationDoesNotExist" or "InsufficientInstanceCapacity"
        or "AutomationExecutionLimitExceededException" or "AutomationExecutionLimitExceeded" or "IncorrectInstanceState"
        or "TransactionConflictException" or "DependencyViolation";
}
