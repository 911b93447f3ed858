using System.Diagnostics;
using System.Globalization;
using FastTrigger.Cli.Commands;

namespace FastTrigger.Cli.ColdStart;

/// <summary>Measures the stages of FastTrigger's start. The function writes them when FASTTRIGGER_STAGES is set.</summary>
internal sealed class StageProbe(LocalRun local, ProbeServer server, TimeSpan patience)
{
    private const string LinePrefix = "fasttrigger-stages ";

    private readonly List<(string Stage, List<double> All)> _stages = [];

    /// <summary>Median microseconds of each stage, in the order of the stages.</summary>
    /// <param name="warmUpRounds">The number of first rounds that do not count.</param>
    public IReadOnlyList<(string Stage, double Microseconds)> Measure(Candidate candidate, int rounds, int warmUpRounds)
    {
        var output = Path.GetTempFileName();
        for (var round = -warmUpRounds; round < rounds; round++)
        {
            File.WriteAllText(output, "");
            RunOnce(candidate, output);
            if (round >= 0)
            {
                Collect(File.ReadLines(output).First(static line => line.StartsWith(LinePrefix, StringComparison.Ordinal)));
            }
        }

        File.Delete(output);
        return _stages.ConvertAll(static stage => (stage.Stage, Statistics.Median(stage.All)));
    }

    private void RunOnce(Candidate candidate, string output)
    {
        var folder = Path.GetDirectoryName(candidate.Command[0])!;
        var environment = new Dictionary<string, string>(local.Function.Settings.ProcessEnvironment())
        {
            ["AWS_LAMBDA_RUNTIME_API"] = server.Address,
            ["LAMBDA_TASK_ROOT"] = folder,
            // Stopwatch reads the monotonic clock, in nanoseconds.
            ["FASTTRIGGER_STAGES"] = Stopwatch.GetTimestamp().ToString(CultureInfo.InvariantCulture),
        };
        var child = ChildProcess.Start(candidate.Command, environment, folder, output);
        try
        {
            server.WaitForNext(patience, child.HasEnded);
            server.SendEvent(local.Function.Settings.Arn);
            server.WaitForResponse(patience, answer: false);
        }
        finally
        {
            child.Kill();
            server.Reset();
        }
    }

    private void Collect(string line)
    {
        foreach (var part in line.Split(' ')[1..])
        {
            var equals = part.IndexOf('=');
            var (name, value) = (part[..equals], double.Parse(part[(equals + 1)..], CultureInfo.InvariantCulture));
            if (!_stages.Exists(stage => stage.Stage == name))
            {
                _stages.Add((name, []));
            }

            _stages.Find(stage => stage.Stage == name).All.Add(value);
        }
    }
}
