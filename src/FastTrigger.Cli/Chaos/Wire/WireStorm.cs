namespace FastTrigger.Cli.Chaos.Wire;

/// <summary>Chooses the faults of a run by its seed, some for each delivery.</summary>
internal sealed class WireStorm(WireServers servers, int seed)
{
    /// <summary>Longer than a function waits for anything.</summary>
    private const int StallMs = 20_000;

    private static readonly WireFaultKind[] s_common =
        [WireFaultKind.Reset, WireFaultKind.HalfClose, WireFaultKind.Delay, WireFaultKind.Corrupt, WireFaultKind.Truncate];

    private static readonly WireFaultKind[] s_runtimeApi =
        [WireFaultKind.Delay, WireFaultKind.Split, WireFaultKind.Join, WireFaultKind.ResetIdle, WireFaultKind.CloseIdle];

    private readonly Lock _lock = new();
    private readonly Random _random = new(seed);
    private readonly List<Task> _windows = [];

    /// <summary>How often the names did not resolve for a while, a certificate was expired, and credentials were refused.</summary>
    public (int Names, int Certificates, int Credentials) Windows { get; private set; }

    public void Strike()
    {
        lock (_lock)
        {
            for (var faults = _random.Next(1, 4); faults > 1; faults--)
            {
                StrikeOnce();
            }
        }
    }

    /// <summary>Ends all faults, also those that last.</summary>
    public async Task CalmAsync()
    {
        Task[] windows;
        lock (_lock)
        {
            windows = [.. _windows];
        }

        await Task.WhenAll(windows);
        servers.Calm();
    }

    private void StrikeOnce()
    {
        var (names, certificates, credentials) = Windows;
        switch (_random.Next(20))
        {
            case < 7:
                servers.Plain.Arm(Plain());
                break;
            case < 13:
                servers.Tls.Arm(Any(s_common, repeats: true));
                break;
            case < 16:
                var kind = s_runtimeApi[_random.Next(s_runtimeApi.Length)];
                var onAnswer = kind == WireFaultKind.Join || (kind is WireFaultKind.Delay or WireFaultKind.Split && _random.Next(2) == 0);
                servers.RuntimeApi.Arm(new(kind, onAnswer, Milliseconds: _random.Next(5, 60)));
                break;
            case 16:
                var fault = Any(s_common, repeats: false);
                servers.Credentials.Arm(fault.Kind == WireFaultKind.Corrupt ? fault with { Kind = WireFaultKind.Truncate } : fault);
                break;
            case 17:
                servers.Keys.Revoke(_random.Next(2) == 0);
                Windows = (names, certificates, credentials + 1);
                break;
            case 18 when servers.Names is { } resolved:
                Window(resolved.Resolve);
                Break();
                Windows = (names + 1, certificates, credentials);
                break;
            default:
                Window(known => servers.Expire(!known));
                Break();
                Windows = (names, certificates + 1, credentials);
                break;
        }
    }

    /// <summary>Resets connections that are kept, so that others must be opened.</summary>
    private void Break()
    {
        servers.Tls.Arm(new(WireFaultKind.ResetIdle, OnAnswer: false));
        servers.Plain.Arm(new(WireFaultKind.ResetIdle, OnAnswer: false));
    }

    /// <summary>
    /// Plain HTTP has no check of an answer. So only bytes are corrupted whose change must be noticed: of answers the first, which is of
    /// the protocol's name, and the last, which ends the document. A request is signed, and may be corrupted anywhere.
    /// </summary>
    private WireFault Plain()
    {
        var fault = Any(s_common, repeats: true);
        return fault is { Kind: WireFaultKind.Corrupt, OnAnswer: true } ? fault with { Position = _random.Next(2) } : fault;
    }

    private WireFault Any(WireFaultKind[] kinds, bool repeats)
    {
        var at = _random.Next(kinds.Length + (repeats ? 1 : 0));
        var kind = at == kinds.Length ? WireFaultKind.Duplicate : kinds[at];
        var onAnswer = kind == WireFaultKind.Truncate || (kind != WireFaultKind.Duplicate && _random.Next(2) == 0);
        // Often at an edge: before the first byte and after the last one are cases of their own.
        var position = _random.Next(4) switch { 0 => 0, 1 => 1, _ => _random.NextDouble() };
        var milliseconds = _random.Next(10) == 0 ? StallMs : _random.Next(5, 200);
        return new(kind, onAnswer, position, milliseconds, _random.Next(8));
    }

    private void Window(Action<bool> set)
    {
        var milliseconds = _random.Next(20, 150);
        set(false);
        _windows.Add(Task.Delay(milliseconds).ContinueWith(_ => set(true), TaskScheduler.Default));
    }
}
