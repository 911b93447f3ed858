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

    /// <summary>Null when the call succeeded.</summary>
    public AwsFailure? Call(in AwsRequest request, Deadline deadline)
    {
        var startedMs = shared.Settings.Clock.MonotonicMs;
        Trace?.Begin();
        var failure = CallUntilEnd(request, deadline);
        Metrics?.AddCall(shared.Settings.Clock.MonotonicMs - startedMs);
        if (Trace is { IsSampled: true } trace)
        {
            trace.EndCall(
                request.Operation.Service,
                request.Operation.Name,
                request.Region,
                failure is null ? null : failure.Code.Length > 0 ? failure.Code : "Failure",
                failure?.Message,
                failure is null ? Response?.Header("x-amzn-requestid"u8) : failure.RequestId,
                failure?.Kind == AwsFailureKind.Throttled,
                failure?.Kind is AwsFailureKind.Refused or AwsFailureKind.Expired or AwsFailureKind.Unusable);
        }

        return failure;
    }
}
