using System.Text.Json.Nodes;

namespace FastTrigger.Cli.Replay;

internal enum ReplayOutcome
{
    /// <summary>Something was done now.</summary>
    Acted,
    /// <summary>An earlier delivery had done it all.</summary>
    DoneBefore,
    /// <summary>There was nothing to do, for a reason that the function gives.</summary>
    Skipped,
    /// <summary>It failed again.</summary>
    Failed,
}

/// <summary>What became of one event.</summary>
/// <param name="Detail">In the function's words.</param>
internal sealed record ReplayResult(ReplayItem Item, ReplayOutcome Outcome, string Detail)
{
    public string Word => Outcome switch
    {
        ReplayOutcome.Acted => "acted",
        ReplayOutcome.DoneBefore => "already done",
        ReplayOutcome.Skipped => "skipped",
        _ => "failed",
    };

    public JsonObject ToJson() => new() { ["event"] = Item.Name, ["requestId"] = Item.RequestId, ["outcome"] = Word, ["detail"] = Detail };
}
