using FastTrigger.Core;

namespace FastTrigger.Runtime;

/// <summary>How an invocation ended: answered (what was written is the answer), or failed.</summary>
/// <param name="Error">Null when it was answered.</param>
/// <param name="Exit">Whether this process should end after reporting, so that a fresh environment takes its place.</param>
internal readonly record struct InvocationResult(RuntimeError? Error, bool Exit = false)
{
    public static InvocationResult Answered => default;

    public static InvocationResult Failed(string type, string message) => new(new(type, message));
}

/// <summary>Does one invocation's work and writes its answer.</summary>
internal delegate InvocationResult InvocationHandler(Invocation invocation, ByteBuffer answer);

/// <summary>Told when an invocation was answered, and how. The event is gone by then, and what the headers said of it.</summary>
internal delegate void InvocationEnd(Invocation invocation, InvocationResult result);
