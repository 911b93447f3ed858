using System.Text;
using FastTrigger.Cli.Commands;
using FastTrigger.Cli.Samples;

namespace FastTrigger.Cli.ColdStart;

/// <summary>
/// One environment that serves a great many events of every kind, and a great many environments that serve one. Memory, descriptors and
/// threads must stay what they are, and every start must succeed.
/// </summary>
/// <param name="events">The events that are sent in turn, beside the samples of all sources.</param>
internal sealed class SoakRun(LocalRun local, IReadOnlyList<byte[]> events)
{
    private const int Samples = 200, Settle = 500;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly IReadOnlyList<byte[]> _events =
        [.. events, .. SampleEvents.Names.Select(SampleEvents.Read).Select(Encoding.UTF8.GetBytes)];

    private readonly string _arn = local.Function.Settings.Arn;

    /// <summary>What the environment used, in equal steps.</summary>
    public SoakUsage Used { get; } = new();

    /// <summary>Why a start failed, for each that did.</summary>
    public List<string> FailedStarts { get; } = [];

    /// <summary>Sends this many events to one environment.</summary>
    public void Invoke(int count, Action<double> progress, CancellationToken token)
    {
        using var server = new ProbeServer(_events[0]);
        var child = Start(server);
        try
        {
            for (var i = 0; i < count; i++)
            {
                if (i % Math.Max(1, count / Samples) == 0)
                {
                    token.ThrowIfCancellationRequested();
                    var (kib, descriptors, threads) = child.Usage();
                    Used.Add(new(i, kib, descriptors, threads));
                    progress((double)i / count);
                }

                if (i % Settle == 0)
                {
                    Forget();
                }

                Serve(server, child, _events[i % _events.Count]);
            }
        }
        finally
        {
            child.Kill();
        }
    }

    /// <summary>Starts this many environments, each of which serves one event.</summary>
    public void StartMany(int count, Action<double> progress, CancellationToken token)
    {
        using var server = new ProbeServer(_events[0]);
        for (var i = 0; i < count; i++)
        {
            token.ThrowIfCancellationRequested();
            var child = Start(server);
            try
            {
                Serve(server, child, _events[i % _events.Count]);
            }
            catch (LabException e)
            {
                FailedStarts.Add($"start {i + 1}: {e.Message}");
            }
            finally
            {
                child.Kill();
                server.Reset();
            }

            if (i % Settle == 0)
            {
                Forget();
                progress((double)i / count);
            }
        }
    }

    /// <summary>Lets the commands that calls have started end, and forgets the calls.</summary>
    private void Forget()
    {
        local.World.SettleAsync().GetAwaiter().GetResult();
        local.World.ForgetCalls();
    }

    private ChildProcess Start(ProbeServer server)
    {
        var program = Path.GetFullPath(local.Function.Settings.Bootstrap);
        var folder = Path.GetDirectoryName(program)!;
        var environment = new Dictionary<string, string>(local.Function.Settings.ProcessEnvironment())
        {
            ["AWS_LAMBDA_RUNTIME_API"] = server.Address,
            ["LAMBDA_TASK_ROOT"] = folder,
        };
        return ChildProcess.Start([program], environment, folder, "/dev/null");
    }

    private void Serve(ProbeServer server, ChildProcess child, byte[] payload)
    {
        server.WaitForNext(s_patience, child.HasEnded);
        server.SendEvent(_arn, payload);
        server.WaitForResult(s_patience);
    }
}
