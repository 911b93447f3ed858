using System.Globalization;
using FastTrigger.Fuzzing;
using FastTrigger.Fuzzing.Pairs;
using SharpFuzz;

// fuzz TARGET                    what AFL++ runs: it writes an input to standard input again and again, and follows the branches taken
// fuzz TARGET --seeds FOLDER     writes the seeds as files
// fuzz TARGET --for SECONDS      without AFL++: makes inputs from the seeds, and stops at the first fault
// fuzz TARGET --input FILE       one input
// fuzz --targets                 the names of all targets
// fuzz --pairs COUNT [SEED]      compares patterns and events with the reference, and stops at the first difference
if (args is ["--targets"])
{
    Console.WriteLine(string.Join('\n', FuzzTargets.All.Select(target => target.Name)));
    return 0;
}

if (args is ["--pairs", var pairs, .. var given])
{
    var seedOfPairs = given is [var text] ? int.Parse(text, CultureInfo.InvariantCulture) : 1;
    return PairReport.Write(int.Parse(pairs, CultureInfo.InvariantCulture), seedOfPairs);
}

var target = FuzzTargets.Find(args[0]);
switch (args)
{
    case [_]:
        Fuzzer.OutOfProcess.Run(stream =>
        {
            using var input = new MemoryStream();
            stream.CopyTo(input);
            target.Run(input.ToArray());
        });
        return 0;
    case [_, "--seeds", var folder]:
        Directory.CreateDirectory(folder);
        var number = 0;
        foreach (var seed in target.Seeds)
        {
            File.WriteAllBytes(Path.Combine(folder, $"seed-{number++}"), seed);
        }

        return 0;
    case [_, "--input", var file]:
        target.Run(File.ReadAllBytes(file));
        return 0;
    case [_, "--for", var seconds]:
        var until = DateTime.UtcNow.AddSeconds(int.Parse(seconds, CultureInfo.InvariantCulture));
        var first = Random.Shared.Next();
        var runs = 0L;
        for (var seed = first; DateTime.UtcNow < until; seed++)
        {
            runs += FuzzRun.Of(target, seed, 1000);
        }

        Console.WriteLine($"{target.Name}: {runs} inputs from seed {first} on, no fault");
        return 0;
    default:
        Console.Error.WriteLine("usage: fuzz TARGET [--seeds FOLDER | --for SECONDS | --input FILE]");
        return 2;
}
