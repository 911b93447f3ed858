using FastTrigger.Aws;
using FastTrigger.Configuration;
using FastTrigger.Core;
using FastTrigger.Runtime;
using FastTrigger.Telemetry;
using FastTrigger.Values;

namespace FastTrigger.Actions;

/// <summary>What an action works with: one item, one route, the time that is left, and the loop's own client of AWS.</summary>
internal sealed class ActionContext
{
    private Func<string, ValueResult>? _parameter;

    public required Item Item { get; init; }

    public required string RouteName { get; init; }

    /// <summary>The action's place in the route's `do`, from 0.</summary>
    public required int ActionIndex { get; init; }

    public required Invocation Invocation { get; init; }

    /// <summary>When the work must have ended, so that it can still be reported.</summary>
    public required Deadline Deadline { get; init; }

    public required AwsShared Shared { get; init; }

    /// <summary>Takes the calls that the action declares, and in a dry run only those that change nothing.</summary>
    public required AwsCaller Aws { get; init; }

    public required Allow Allow { get; init; }

    public required Log Log { get; init; }

    /// <summary>Reports a failure instead of a loop that is stuck, and ends the process.</summary>
    public required Action<RuntimeError> Abandon { get; init; }

    public Settings Settings => Shared.Settings;

    /// <summary>The time as AWS has it, milliseconds since 1970.</summary>
    public long NowMs => Shared.NowMs;

    /// <summary>Whether nothing may be changed: the action reports what it would do instead.</summary>
    public bool DryRun { get; init; }

    /// <summary>What takes the place of everything that the event does not say: not null for a synthetic event alone.</summary>
    public string? Placeholder { get; init; }

    public ValueScope Scope =>
        new(Item, RouteName, Settings.Variable, Settings.Clock, _parameter ??= ReadParameter) { Placeholder = Placeholder };

    private ValueResult ReadParameter(string name)
    {
        if (Placeholder is { } placeholder)
        {
            return ValueResult.Of(placeholder);
        }

        var failure = Shared.Parameters.Get(Aws, Settings.Clock, Settings.Region, name, Deadline, out var value);
        return failure is null ? ValueResult.Of(value)
            : failure.MayPass ? new(ValueKind.Unavailable, $"GetParameter {name}: {failure.Reason}")
            : failure.Code == "ParameterNotFound" ? ValueResult.Missing($"the parameter {name}")
            : new(ValueKind.Refused, $"GetParameter {name}: {failure.Reason}");
    }
}
