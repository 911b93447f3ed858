using FastTrigger.Aws;

namespace FastTrigger.Actions;

/// <summary>Tells a call that AWS refuses because of one of its targets from one that it refuses as a whole.</summary>
internal static class TargetBlame
{
    /// <summary>
    /// Whether the same call without some of these targets could succeed. A failure that says nothing about a target - 5xx, a reset, a
    /// throttle, expired credentials - never says so.
    /// </summary>
    public static bool Blames(this AwsFailure failure, IReadOnlyList<string> targets)
    {
        if (failure.Kind != AwsFailureKind.Refused)
        {
            return false;
        }

        if (failure.Code is "InvalidInstanceId" or "InvalidID" || EndsWith(".NotFound") || EndsWith(".Unknown") || EndsWith(".Malformed"))
        {
            return true;
        }

        // A denial without a resource may be about any of them: EC2 authorizes each, and may encode its message.
        return Names(failure.Message, targets)
            || (IsDenied(failure.Code) && !failure.Message.Contains("on resource:", StringComparison.Ordinal));

        bool EndsWith(string suffix) => failure.Code.EndsWith(suffix, StringComparison.Ordinal);
    }

    private static bool IsDenied(string code) => code is "UnauthorizedOperation" or "AccessDenied" or "AccessDeniedException";

    private static bool Names(string message, IReadOnlyList<string> targets)
    {
        var named = NamedIds.In(message);
        foreach (var target in targets)
        {
            if (named.Contains(target))
            {
                return true;
            }
        }

        return false;
    }
}
