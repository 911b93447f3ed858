namespace FastTrigger.Cli;

/// <summary>A bucket of tokens that is full at first, and gets some back each second up to its size. Each admission takes one.</summary>
internal sealed class TokenBucket
{
    private readonly Lock _lock = new();
    private readonly double _size, _refillPerSecond;
    private double _tokens;
    private TimeSpan _last;

    public TokenBucket(double size, double refillPerSecond)
    {
        _size = _tokens = size;
        _refillPerSecond = refillPerSecond;
    }

    /// <param name="now">The time since any start, which does not go back.</param>
    public bool TryTake(TimeSpan now)
    {
        lock (_lock)
        {
            if (now > _last)
            {
                _tokens = Math.Min(_size, _tokens + ((now - _last).TotalSeconds * _refillPerSecond));
                _last = now;
            }

            if (_tokens < 1)
            {
                return false;
            }

            _tokens--;
            return true;
        }
    }
}
