using FastTrigger.Core;
using FastTrigger.Telemetry;

namespace FastTrigger.Aws;

/// <content>What is told of each call.</content>
internal sealed partial class AwsClient
{
    /// <summary>Counts the calls; null for nothing that does.</summary>
    public InvocationMetrics? Metrics { get; set; }

    /// <summary>Gets a subsegment for each call; null where nobody traces.</summary>
    public XRayTrace? Trace { get; set; }

    /// <summary>Gets a record of each call at the level DEBUG; null for none.</summary>
    public Log? Log { get; set; }

    /// <summary>The invocation that the next calls are for; null in INIT.</summary>
    public string? InvocationId { get; set; }

    /// <summary>Null when the call succeeded.</summary>
    public AwsFailure? Call(in AwsRequest request, Deadline deadline)
    {
        var startedMs = shared.Settings.Clock.MonotonicMs;
        Trace?.Begin();
        var failure = CallUntilEnd(request, deadline);
        var milliseconds = shared.Settings.Clock.MonotonicMs - startedMs;
        Metrics?.AddCall(milliseconds);
        if (Log is { } log && log.Writes(LogLevel.Debug, InvocationId))
        {
            Write(log, request, failure, milliseconds);
        }

        if (Trace is { IsSampled: true } trace)
        {
            trace.EndCall(
                request.Operation.Service,
                request.Operation.Name,
                request.Region,
                failure is null ? null : failure.Code.Length > 0 ? failure.Code : "Failure",
                failure?.Message,
                AwsRequestId(failure),
                failure?.Kind == AwsFailureKind.Throttled,
                failure?.Kind is AwsFailureKind.Refused or AwsFailureKind.Expired or AwsFailureKind.Unusable);
        }

        return failure;
    }

    /// <summary>AWS's id of the last attempt; null when there was no answer.</summary>
    private string? AwsRequestId(AwsFailure? failure) =>
        failure is null ? Response?.Header("x-amzn-requestid"u8) : failure.RequestId;

    private void Write(Log log, in AwsRequest request, AwsFailure? failure, long milliseconds) => log.Write(
        LogLevel.Debug,
        InvocationId,
        "AWS call",
        ("call", request.Operation.IamAction),
        ("region", request.Region),
        ("outcome", failure is null ? "ok" : "error"),
        failure is null ? default : ("reason", failure.Reason),
        AwsRequestId(failure) is { } id ? ("awsRequestId", id) : default,
        ("ms", milliseconds));
}
