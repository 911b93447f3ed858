namespace FastTrigger.Core;

/// <summary>
/// Keeps the heap below the memory that the function has. Lambda kills a function that uses more, without a reason in the log. An
/// allocation beyond the limit is an exception instead, which ends as an error of the invocation or of one record.
/// </summary>
internal static class HeapLimit
{
    public const string ErrorType = "Function.OutOfMemory";

    /// <summary>
    /// What the program, OpenSSL, the roots and the threads have outside of the heap (10 MiB at most in docs/performance.md), and what
    /// Lambda itself counts as the function's.
    /// </summary>
    private const int OutsideMiB = 32;

    private const int BytesPerMiB = 1024 * 1024;

    /// <summary>How long the collector's finalizers have to let go of what the array pool keeps.</summary>
    private const int FinalizersMs = 10;

    private static long s_limit = long.MaxValue;

    /// <summary>
    /// Whether next to nothing is free. After <see cref="GiveBack"/> it means that something keeps the memory, such as a handler that
    /// never lets go of what it allocates.
    /// </summary>
    public static bool IsTight => GC.GetTotalMemory(forceFullCollection: false) > s_limit / 8 * 7;

    /// <summary>The limit that holds now.</summary>
    private static long Bytes => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <summary>Sets the limit, unless a lower one is set already. Called once, before there is anything large.</summary>
    /// <param name="memoryMiB">What the function has; null when Lambda does not say, and the limit stays.</param>
    public static void Set(int? memoryMiB)
    {
        if (memoryMiB is { } memory && (long)(memory - Math.Min(OutsideMiB, memory / 2)) * BytesPerMiB is var limit && limit < Bytes)
        {
            AppContext.SetData("GCHeapHardLimit", (ulong)limit);
            GC.RefreshMemoryLimit();
            s_limit = limit;
        }
    }

    /// <summary>
    /// After a large event, and where there was no room for something. Else the next one would find none, though next to nothing is in use.
    /// The array pool keeps the tables of a JSON document, and the collector keeps the regions that were filled, each for objects of one
    /// kind. The first collection lets the pool go (a finalizer does it), and the second gives the regions back.
    /// </summary>
    public static void GiveBack()
    {
        GC.Collect();
        // GC.WaitForPendingFinalizers would wait for ever where nothing is free: the pool's finalizer allocates, which takes a collection,
        // after which the finalizer is due again.
        Thread.Sleep(FinalizersMs);
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }

    /// <summary>What does not fit, and what would help.</summary>
    /// <param name="what">For example "the event".</param>
    public static string Explain(string what, int bytes) => Explain($"{what} of {bytes} bytes");

    /// <inheritdoc cref="Explain(string, int)"/>
    public static string Explain(string what) =>
        $"{what} and what is made of it do not fit into the {Bytes / BytesPerMiB} MiB that the function's memory leaves; "
            + "give the function more memory, or send less at a time";
}
