using System.Globalization;
using System.Text.Json.Nodes;

namespace FastTrigger.Cli.Commands;

/// <summary>What the answer of a function says by itself, in the forms of Lambda's sources and of FastTrigger's report.</summary>
internal static class AnswerVerdict
{
    /// <param name="note">Takes each outcome that is not done, with its reason.</param>
    public static void Judge(JsonObject? answer, Action<RunOutcome, string> note)
    {
        if (double.TryParse(answer?["statusCode"]?.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var status)
            && status >= 400)
        {
            note(status >= 500 ? RunOutcome.Failed : RunOutcome.Refused, string.Create(CultureInfo.InvariantCulture, $"answered {status}"));
        }

        if (answer?["batchItemFailures"] is JsonArray { Count: > 0 } failures)
        {
            note(RunOutcome.Failed, $"{failures.Count} of the batch are in batchItemFailures");
        }

        if (answer?["isAuthorized"]?.ToString() == "false" || Effects(answer).Contains("Deny"))
        {
            note(RunOutcome.Refused, "the answer lets nobody in");
        }

        // Firehose, S3 Batch, and FastTrigger's own report.
        Count(answer, "records", "result", ["Ok", "Dropped"], note);
        Count(answer, "results", "resultCode", ["Succeeded"], note);
        Count(answer, "routes", "outcome", ["done", "skipped"], note);
    }

    private static IEnumerable<string> Effects(JsonObject? answer) =>
        ((answer?["policyDocument"] as JsonObject)?["Statement"] as JsonArray ?? [])
            .Select(statement => (statement as JsonObject)?["Effect"]?.ToString() ?? "");

    private static void Count(JsonObject? answer, string list, string member, string[] good, Action<RunOutcome, string> note)
    {
        var bad = (answer?[list] as JsonArray ?? [])
            .OfType<JsonObject>()
            .Select(entry => entry[member]?.ToString())
            .Where(result => result is not null && !good.Contains(result))
            .ToList();
        if (bad.Count > 0)
        {
            note(RunOutcome.Failed, $"{bad.Count} of {list} are {string.Join(", ", bad.Distinct())}");
        }
    }
}
