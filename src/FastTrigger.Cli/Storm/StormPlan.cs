namespace FastTrigger.Cli.Storm;

internal enum ArrivalKind
{
    /// <summary>Evenly spaced.</summary>
    Constant,
    /// <summary>From zero to the full rate over the whole duration.</summary>
    Ramp,
    /// <summary>All events of five seconds at once.</summary>
    Burst,
    /// <summary>Independent events, like those of many sources together.</summary>
    Poisson,
}

/// <summary>When the events of a storm arrive.</summary>
/// <param name="Rate">Events a second.</param>
internal sealed record StormPlan(double Rate, TimeSpan Duration, ArrivalKind Arrivals)
{
    private const int Seed = 20_240_229, BurstSeconds = 5;

    /// <summary>The times of the events since the start. The same plan always gives the same times.</summary>
    public IEnumerable<TimeSpan> Times()
    {
        var seconds = Duration.TotalSeconds;
        switch (Arrivals)
        {
            case ArrivalKind.Constant:
                for (var i = 0; i / Rate < seconds; i++)
                {
                    yield return TimeSpan.FromSeconds(i / Rate);
                }

                break;
            case ArrivalKind.Ramp:
                // The number of events by time t is rate * t² / (2 * duration).
                for (var i = 0; Math.Sqrt(2 * i * seconds / Rate) < seconds; i++)
                {
                    yield return TimeSpan.FromSeconds(Math.Sqrt(2 * i * seconds / Rate));
                }

                break;
            case ArrivalKind.Burst:
                for (var at = 0.0; at < seconds; at += BurstSeconds)
                {
                    for (var i = 0; i < Rate * Math.Min(BurstSeconds, seconds - at); i++)
                    {
                        yield return TimeSpan.FromSeconds(at);
                    }
                }

                break;
            default:
                var random = new Random(Seed);
                for (var at = 0.0; ;)
                {
                    at -= Math.Log(1 - random.NextDouble()) / Rate;
                    if (at >= seconds)
                    {
                        break;
                    }

                    yield return TimeSpan.FromSeconds(at);
                }

                break;
        }
    }
}
