using FastTrigger.Aws;

namespace FastTrigger.Actions;

/// <summary>Turns a failed call of AWS into the result of the action that made it.</summary>
internal static class AwsFailures
{
    /// <param name="call">The operation, as the reason names it.</param>
    /// <param name="targets">The targets of the call, one of which may be the reason; null when it has none.</param>
    public static ActionResult Result(this AwsFailure failure, string call, IReadOnlyList<string>? targets = null)
    {
        if (failure.Kind == AwsFailureKind.DryRun)
        {
            return ActionResult.Skipped(failure.Message);
        }

        var text = $"{call}: {failure.Reason}";
        var result = failure.MayPass || IsTransient(failure.Code) ? ActionResult.Retry(text) : ActionResult.Failed(text);
        return result with
        {
            TimeIsUp = failure.TimeIsUp,
            IsThrottled = failure.Kind == AwsFailureKind.Throttled,
            CredentialsExpired = failure.Kind == AwsFailureKind.Expired,
            BlamesTarget = targets is not null && failure.Blames(targets),
        };
    }

    /// <summary>Refusals that hold for now. The call had no effect, but repeating it at once would not help.</summary>
    private static bool IsTransient(string code) => code is "TargetNotConnected" or "InvocationDoesNotExist"
        or "InsufficientInstanceCapacity" or "IncorrectInstanceState" or "DependencyViolation" or "TransactionConflictException"
        or "AutomationExecutionLimitExceededException" or "AutomationExecutionLimitExceeded";
}
