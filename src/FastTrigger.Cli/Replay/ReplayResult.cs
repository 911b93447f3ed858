using System.Text.Json.Nodes;

namespace FastTrigger.Cli.Replay;

internal enum ReplayOutcome
{
    /// <summary>This delivery did the work.</summary>
    Acted,
    /// <summary>An earlier delivery did all of the work.</summary>
    DoneBefore,
    /// <summary>There was nothing to do, for the reason that the function gives.</summary>
    Skipped,
    /// <summary>The event failed again.</summary>
    Failed,
}

/// <summary>The result of one event.</summary>
/// <param name="Detail">The text of the function.</param>
internal sealed record ReplayResult(ReplayItem Item, ReplayOutcome Outcome, string Detail)
{
    public string OutcomeName => Outcome switch
    {
        ReplayOutcome.Acted => "acted",
        ReplayOutcome.DoneBefore => "already done",
        ReplayOutcome.Skipped => "skipped",
        _ => "failed",
    };

    public JsonObject ToJson() => new()
    {
        ["event"] = Item.Name,
        ["requestId"] = Item.RequestId,
        ["outcome"] = OutcomeName,
        ["detail"] = Detail,
    };
}
