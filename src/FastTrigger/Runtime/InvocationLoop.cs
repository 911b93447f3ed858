using FastTrigger.Core;
using FastTrigger.Telemetry;

namespace FastTrigger.Runtime;

/// <summary>
/// Asks for an invocation, has it handled, answers, and asks again: an invocation is not complete until /next is called again. One loop
/// has one thread, one connection and its own buffers.
/// </summary>
internal sealed class InvocationLoop(
    RuntimeApiClient api, InvocationHandler handler, Log log, InFlight? inFlight = null, InvocationEnd? end = null)
{
    /// <summary>Bytes. A smaller event does not fill the heap.</summary>
    private const int LargeEvent = 512 * 1024;

    private readonly ByteBuffer _answer = new();

    /// <summary>Runs until the Runtime API fails or a result asks for the end; the process's exit code, which is never 0.</summary>
    public int Run()
    {
        while (RunOnce())
        {
        }

        return 1;
    }

    /// <summary>One invocation, from asking for it to answering; false when it was the last.</summary>
    public bool RunOnce()
    {
        var invocation = api.Next(out var failure);
        if (invocation is null)
        {
            log.Write(LogLevel.Fatal, null, "the Runtime API failed: " + failure);
            return false;
        }

        if (inFlight?.TryAdd(invocation) == false)
        {
            var refused = InvocationResult.Failed("Function.EnvironmentEnded", "a handler of another invocation did not return");
            _ = Report(invocation, ref refused);
            End(invocation, refused);
            InFlight.Park();
        }

        var result = Handle(invocation);
        var goesOn = Report(invocation, ref result) && !result.Exit;
        // A large answer must not be there while the next event is read.
        _answer.Clear();
        End(invocation, result);
        inFlight?.Remove(invocation);
        var mayBeTight = result.Error is not null && HeapLimit.IsTight;
        if (mayBeTight || invocation.Payload.Length > LargeEvent || result.Error?.Type == HeapLimit.ErrorType)
        {
            HeapLimit.GiveBack();
        }

        return goesOn && !(mayBeTight && Ends(invocation));
    }

    /// <summary>
    /// Whether the memory stays full, so that every event from now on would fail as this one: a new environment is of more use.
    /// </summary>
    private bool Ends(Invocation invocation)
    {
        if (!HeapLimit.IsTight)
        {
            return false;
        }

        log.Write(LogLevel.Fatal, invocation.RequestId, "the memory stays full, so this environment ends");
        return true;
    }

    private InvocationResult Handle(Invocation invocation)
    {
        try
        {
            return handler(invocation, _answer);
        }
        // The fence: a bug in one invocation's work must be reported as that invocation's failure, and the next one still be served.
        catch (Exception e)
        {
            return InvocationResult.Failed("Function.Unhandled", $"{e.GetType().Name}: {e.Message}");
        }
    }

    private void End(Invocation invocation, InvocationResult result)
    {
        try
        {
            end?.Invoke(invocation, result);
        }
        // As above: the answer is given, and the next invocation must still be served.
        catch (Exception e)
        {
            log.Write(LogLevel.Error, invocation.RequestId, "the invocation could not be logged", ("error", e.GetType().Name));
        }
    }

    /// <summary>False when this environment is of no further use.</summary>
    /// <param name="result">What is reported in the end.</param>
    private bool Report(Invocation invocation, ref InvocationResult result)
    {
        string failure;
        int status;
        try
        {
            status = result.Error is { } error
                ? api.PostError(invocation.RequestId, error, out failure)
                : api.PostResponse(invocation.RequestId, _answer.Span, out failure);
        }
        catch (OutOfMemoryException) when (result.Error is null)
        {
            result = InvocationResult.Failed(HeapLimit.ErrorType, HeapLimit.Explain("the answer", _answer.Length));
            return Report(invocation, ref result);
        }

        if (status is >= 200 and < 300)
        {
            return true;
        }

        // Why stands in a record of its own.
        result = result with { Error = result.Error ?? new("Runtime.AnswerRefused", $"the Runtime API refused the answer ({status})") };
        switch (status)
        {
            // 413: the platform has failed the invocation itself, and a report of our own would be refused.
            case >= 400 and < 500:
                log.Write(
                    LogLevel.Error,
                    invocation.RequestId,
                    "the Runtime API refused the result: " + failure,
                    ("status", status),
                    ("bytes", _answer.Length));
                return true;
            default:
                log.Write(LogLevel.Fatal, invocation.RequestId, "the Runtime API failed: " + failure, ("status", status));
                return false;
        }
    }
}
