using System.Text;
using System.Text.Json.Nodes;
using FastTrigger.Cli.LocalAws;
using FastTrigger.Cli.LocalLambda;

namespace FastTrigger.Cli.Commands;

/// <summary>What became of an event, from best to worst: that of a batch is that of its worst record.</summary>
internal enum RunOutcome
{
    Done,
    Unmatched,
    Refused,
    Retry,
    Failed,
}

/// <summary>
/// What became of one event, whatever its answer looks like: the function's log says it for each item, the local servers for each command.
/// Of a function that writes no such log, the answer says what it can.
/// </summary>
/// <param name="Reasons">Why it is not done.</param>
/// <param name="Actions">The function's log lines of the actions.</param>
internal sealed record RunVerdict(RunOutcome Outcome, IReadOnlyList<string> Reasons, IReadOnlyList<JsonObject> Actions)
{
    public static string Name(RunOutcome outcome) => outcome.ToString().ToLowerInvariant();

    /// <param name="logs">The lines of the function's log.</param>
    /// <param name="commands">The commands that were sent for the event.</param>
    /// <param name="isOurs">Whether the function is FastTrigger, which logs what was not done.</param>
    public static RunVerdict Of(
        InvocationOutcome invocation,
        IEnumerable<JsonObject> logs,
        IEnumerable<LocalCommand> commands,
        bool isOurs)
    {
        var outcome = RunOutcome.Done;
        var reasons = new List<string>();
        var actions = new List<JsonObject>();
        void Note(RunOutcome found, string reason)
        {
            outcome = found > outcome ? found : outcome;
            reasons.Add(reason);
        }

        var answer = RunReport.Parse(Encoding.UTF8.GetString(invocation.Payload)) as JsonObject;
        if (invocation.ErrorType is { } type)
        {
            Note(OfError(type), $"{type}: {answer?["errorMessage"]}");
        }

        JsonObject? end = null;
        foreach (var line in logs.Where(line => line.OptionalText("requestId") == invocation.RequestId))
        {
            var message = line.OptionalText("message");
            if (message == "invocation")
            {
                end = line;
            }
            else if (message == "action")
            {
                // Only the last attempt of an asynchronous invocation counts.
                if (end is not null)
                {
                    actions.Clear();
                    end = null;
                }

                actions.Add(line);
            }
        }

        if (end.OptionalText("notDone") is { Length: > 0 } notDone && invocation.ErrorType is null)
        {
            foreach (var kind in notDone.Split(", "))
            {
                var name = kind.Split(' ')[^1];
                var which = kind == name ? "it" : $"{kind.Split(' ')[0]} of {end!["items"]}";
                Note(OfItem(name), name == "unmatched" ? $"no route takes {which}" : $"{name}: {which}");
            }
        }
        else if (invocation.ErrorType is null && end is null && isOurs)
        {
            Note(RunOutcome.Failed, "the function's log does not say what was done: leave its level at INFO and its format at JSON");
        }
        else if (invocation.ErrorType is null)
        {
            AnswerVerdict.Judge(answer, Note);
        }

        foreach (var command in commands.SelectMany(command => command.Invocations).Where(command => command.Status != "Success"))
        {
            Note(RunOutcome.Failed, command.NotExecuted is { } reason
                ? $"{command.DocumentName} was not executed on {command.InstanceId}: {reason}"
                : $"{command.DocumentName} on {command.InstanceId}: {command.StatusDetails}, exit code {command.ExitCode}");
        }

        return new(outcome, reasons, actions);
    }

    private static RunOutcome OfError(string type) => type switch
    {
        "Function.Unmatched" or "Function.UnknownRoute" => RunOutcome.Unmatched,
        "Function.Refused" => RunOutcome.Refused,
        "Function.ActionRetry" => RunOutcome.Retry,
        _ => RunOutcome.Failed,
    };

    /// <summary>By the names of <see cref="Events.ItemAnswer.Name"/>.</summary>
    private static RunOutcome OfItem(string name) => name switch
    {
        "unmatched" => RunOutcome.Unmatched,
        "unauthenticated" or "forbidden" => RunOutcome.Refused,
        "retry" or "timeout" => RunOutcome.Retry,
        _ => RunOutcome.Failed,
    };
}
