using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Fuzzing;

/// <summary>
/// Changes good inputs a little, by a seed. Each test runs fixed seeds and one new seed, which a failure names.
/// FASTTRIGGER_FUZZ_ROUNDS makes the new one as long as wanted.
/// </summary>
internal sealed class Mutations(int seed, IReadOnlyList<byte[]> corpus, params string[] tokens)
{
    private const int ShortRounds = 400;

    private readonly Random _random = new(seed);

    public static TheoryData<int, int> Seeds
    {
        get
        {
            var rounds = Environment.GetEnvironmentVariable("FASTTRIGGER_FUZZ_ROUNDS") is { } text
                ? int.Parse(text, provider: null)
                : ShortRounds;
            return new() { { 1, ShortRounds }, { 2, ShortRounds }, { 3, ShortRounds }, { Random.Shared.Next(100, int.MaxValue), rounds } };
        }
    }

    /// <summary>The inputs of a folder of the repository, in the order of their names.</summary>
    public static byte[][] Corpus(string name) =>
    [
        .. Directory.GetFiles(Path.Combine(Repository.Root, "tests/FastTrigger.Tests/Fuzzing/corpus", name))
            .Order(StringComparer.Ordinal)
            .Select(File.ReadAllBytes),
    ];

    public int Next(int below) => _random.Next(below);

    /// <summary>One input with up to four changes.</summary>
    public byte[] Input()
    {
        var input = new List<byte>(Any(corpus));
        for (var changes = _random.Next(5); changes > 0; changes--)
        {
            Change(input);
        }

        return [.. input];
    }

    private void Change(List<byte> input)
    {
        var at = _random.Next(input.Count + 1);
        var count = Math.Min(input.Count - at, 1 + _random.Next(_random.Next(2) == 0 ? 4 : 64));
        switch (_random.Next(tokens.Length > 0 ? 7 : 6))
        {
            case 0 when at < input.Count:
                input[at] ^= (byte)(1 << _random.Next(8));
                break;
            case 1 when at < input.Count:
                input[at] = (byte)_random.Next(256);
                break;
            case 2:
                input.RemoveRange(at, count);
                break;
            case 3:
                input.InsertRange(at, input.GetRange(at, count));
                break;
            case 4:
                var other = Any(corpus);
                var from = _random.Next(other.Length + 1);
                input.InsertRange(at, other.Skip(from).Take(1 + _random.Next(64)));
                break;
            case 5:
                input.RemoveRange(at, input.Count - at);
                break;
            case 6:
                input.InsertRange(at, Encoding.Latin1.GetBytes(tokens[_random.Next(tokens.Length)]));
                break;
        }
    }

    private byte[] Any(IReadOnlyList<byte[]> list) => list[_random.Next(list.Count)];
}
