using FastTrigger.Core;
using FastTrigger.Runtime;

namespace FastTrigger.Actions.Handlers;

/// <summary>
/// Calls a handler with a token and a watchdog. C# that does not return cannot be stopped from its own thread, and would go on in the next
/// invocation: the watchdog reports the failure and ends the process.
/// </summary>
internal sealed class HandlerRunner(Handler handler) : RegisteredHandler
{
    /// <summary>What a handler gets to return in, once its token is cancelled.</summary>
    private const int GraceMs = 50;

    public override ActionResult Run(ActionContext context)
    {
        // The loop shows what is X-Ray's to all code of the process; with several loops it would show the wrong one.
        if (context.Settings.MaxConcurrency == 1)
        {
            Environment.SetEnvironmentVariable("_X_AMZN_TRACE_ID", context.Invocation.TraceId);
        }

        using var cancellation = new CancellationTokenSource();
        var finished = 0;
        using var watchdog = new Timer(
            _ => Expire(context, cancellation, ref finished),
            null,
            context.Deadline.RemainingMs,
            Timeout.Infinite);
        ActionResult result;
        try
        {
            var task = handler(context.Item, new(context), cancellation.Token);
            result = task.IsCompletedSuccessfully ? task.Result : task.AsTask().GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            result = ActionResult.Retry("the handler's time ran out") with { TimeIsUp = true };
        }
        // Whatever a handler throws is that item's failure; the next item is served all the same.
        catch (Exception e)
        {
            if (e is OutOfMemoryException)
            {
                HeapLimit.GiveBack();
            }

            result = ActionResult.Failed($"{e.GetType().Name}: {e.Message}");
        }

        if (Interlocked.Exchange(ref finished, 1) != 0)
        {
            // The watchdog has the word, and this process is about to end.
            Thread.Sleep(Timeout.Infinite);
        }

        return result;
    }

    private static void Expire(ActionContext context, CancellationTokenSource cancellation, ref int finished)
    {
        // Callbacks on the token are the handler's own code and may not return.
        var cancel = new Thread(() => Cancel(cancellation)) { IsBackground = true };
        cancel.Start();
        cancel.Join(GraceMs);
        Thread.Sleep(GraceMs);
        if (Interlocked.Exchange(ref finished, 1) == 0)
        {
            context.Abandon(new RuntimeError(
                "Function.DeadlineExceeded",
                $"route '{context.RouteName}', action 'handler': the handler did not return within its time"));
        }
    }

    private static void Cancel(CancellationTokenSource cancellation)
    {
        try
        {
            cancellation.Cancel();
        }
        catch (AggregateException)
        {
            // A callback threw; the handler's own end tells the rest.
        }
        catch (ObjectDisposedException)
        {
            // The handler returned at this very moment.
        }
    }
}
