using System.Globalization;
using FastTrigger.Cli.LocalAws;

namespace FastTrigger.Cli.Output;

/// <summary>
/// The AWS calls of an event, a line each. Calls that repeat the one before share a line when they ended alike, and say which attempts they
/// are when one of them failed.
/// </summary>
internal static class CallLines
{
    private const int Indent = 2, MinColumns = 30;

    /// <summary>Every call on a line of its own, with all its parameters as JSON.</summary>
    public static IEnumerable<StyledLine> All(IEnumerable<AwsCall> calls) =>
        calls.Select(call => Line(call).Add(call.Parameters.ToJsonString(ReadableJson.OneLine), "dim"));

    /// <param name="columns">The length of a line.</param>
    public static IEnumerable<StyledLine> Folded(IEnumerable<AwsCall> calls, int columns)
    {
        foreach (var repeated in Runs(calls, IsRepeated))
        {
            var isRetry = repeated.Count > 1 && repeated.Exists(HasFailed);
            var first = 1;
            foreach (var alike in Runs(repeated, (call, other) => (call.Status, call.Note) == (other.Status, other.Note)))
            {
                var line = Line(alike[0]);
                if (isRetry)
                {
                    var last = first + alike.Count - 1;
                    var which = last == first ? $"attempt {first}" : $"attempts {first} to {last}";
                    line.Add($"({which} of {repeated.Count})");
                }
                else if (alike.Count > 1)
                {
                    line.Add($"x{alike.Count}");
                }

                var rest = Math.Max(MinColumns, columns - line.Length() - 1);
                // What repeats a call has its parameters.
                var parameters = first == 1 ? FoldedParameters.Fold(alike[0].Parameters, rest) : "";
                yield return parameters.Length > 0 ? line.Add(parameters, "dim") : line;
                first += alike.Count;
            }
        }
    }

    private static StyledLine Line(AwsCall call)
    {
        var status = call.Status == 0 ? "no answer" : call.Status.ToString(CultureInfo.InvariantCulture);
        var line = new StyledLine(Indent).Add(call.Service, "yellow").Add(call.Operation).Add(status, HasFailed(call) ? "red" : "dim");
        return call.Note.Length > 0 ? line.Add(call.Note, "red") : line;
    }

    private static bool HasFailed(AwsCall call) => call.Status is 0 or >= 400;

    private static bool IsRepeated(AwsCall call, AwsCall next) =>
        (call.Service, call.Operation, call.Account) == (next.Service, next.Operation, next.Account)
        && call.Parameters.ToJsonString() == next.Parameters.ToJsonString();

    private static List<List<AwsCall>> Runs(IEnumerable<AwsCall> calls, Func<AwsCall, AwsCall, bool> belong)
    {
        var runs = new List<List<AwsCall>>();
        foreach (var call in calls)
        {
            if (runs.Count > 0 && belong(runs[^1][^1], call))
            {
                runs[^1].Add(call);
            }
            else
            {
                runs.Add([call]);
            }
        }

        return runs;
    }
}
