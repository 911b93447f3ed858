using FastTrigger.Aws;
using FastTrigger.Core;
using FastTrigger.Telemetry;

namespace FastTrigger.Actions.Once;

/// <summary>
/// Keeps an entry of the act-once table in progress while its holder works (C4.3). A holder that dies renews nothing, so that its entry is
/// free before Lambda's first retry, which comes after a minute
/// (docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html). A short invocation ends before its first lease does, and
/// needs no thread.
/// </summary>
/// <param name="renew">Writes the entry with a new time, with this client; false when it has another holder or is complete.</param>
internal sealed class OnceLease(ActionContext context, Func<AwsCaller, Deadline, bool> renew) : IDisposable
{
    /// <summary>How long an entry stays in progress without being renewed.</summary>
    public const int LeaseMs = 30_000;

    private const int RenewAfterMs = 10_000, MaxRenewalMs = 5_000;

    /// <summary>The thread looks at the clock this often, because the environment may be frozen in between.</summary>
    private const int LookMs = 1_000;

    // Monitor waits for it.
    private readonly object _lock = new();
    private bool _isOver;

    /// <summary>Starts renewing, when the invocation can last longer than one lease.</summary>
    public void Start()
    {
        if (context.Deadline.RemainingMs > LeaseMs)
        {
            new Thread(Run, 256 * 1024) { IsBackground = true }.Start();
        }
    }

    /// <summary>Ends the renewing. A renewal that is under way does no harm: its condition asks for the entry in progress.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _isOver = true;
            Monitor.Pulse(_lock);
        }
    }

    private void Run()
    {
        try
        {
            var clock = context.Settings.Clock;
            // The client of the action is at work, and serves one thread.
            using var client = new AwsClient(context.Shared) { Log = context.Log, InvocationId = context.Invocation.RequestId };
            for (var renewed = clock.UnixMs; Waits();)
            {
                if (clock.UnixMs - renewed < RenewAfterMs)
                {
                    continue;
                }

                if (!renew(context.Aws with { Client = client }, context.Deadline.AtMost(clock, MaxRenewalMs)))
                {
                    return;
                }

                renewed = clock.UnixMs;
            }
        }
        // A bug here must not end the process: without renewal the entry is free for another delivery.
        catch (Exception e)
        {
            context.Log.Write(LogLevel.Error, context.Invocation.RequestId, "an entry could not be renewed", ("reason", e.Message));
        }
    }

    /// <summary>False when the holder has ended.</summary>
    private bool Waits()
    {
        lock (_lock)
        {
            if (!_isOver)
            {
                Monitor.Wait(_lock, LookMs);
            }

            return !_isOver && !context.Deadline.HasPassed;
        }
    }
}
