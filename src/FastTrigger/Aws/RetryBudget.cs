namespace FastTrigger.Aws;

/// <summary>
/// How many retries a process may make, so that retries do not multiply a storm of failures. Each retry costs, each success gives a little
/// back (the SDKs' standard mode: docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html).
/// </summary>
internal sealed class RetryBudget
{
    private const int Capacity = 500, Cost = 5;
    private int _left = Capacity;

    public bool TryTake()
    {
        if (Interlocked.Add(ref _left, -Cost) >= 0)
        {
            return true;
        }

        Interlocked.Add(ref _left, Cost);
        return false;
    }

    public void GiveBack()
    {
        if (Volatile.Read(ref _left) < Capacity)
        {
            Interlocked.Increment(ref _left);
        }
    }
}
