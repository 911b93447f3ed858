using System.Reflection;
using System.Text;

namespace FastTrigger.Fuzzing;

/// <summary>Something that reads bytes which anybody may send.</summary>
/// <param name="name">Its name on the command line, and the folder of its corpus.</param>
/// <param name="run">Reads one input. Whatever it throws is a fault that was found.</param>
/// <param name="texts">Inputs of the right form that the product has, beside those of the corpus.</param>
/// <param name="isJson">Whether values and members of a seed are exchanged too, and not bytes alone.</param>
internal sealed class FuzzTarget(string name, Action<byte[]> run, Func<IEnumerable<string>> texts, bool isJson)
{
    private IReadOnlyList<byte[]>? _seeds;

    public string Name => name;

    public bool IsJson => isJson;

    /// <summary>What all inputs are made from. The corpus also has each input that once led to a fault.</summary>
    public IReadOnlyList<byte[]> Seeds => _seeds ??= [.. texts().Select(Encoding.UTF8.GetBytes), .. Corpus(name)];

    public void Run(byte[] input) => run(input);

    private static IEnumerable<byte[]> Corpus(string name)
    {
        var assembly = Assembly.GetExecutingAssembly();
        var all = assembly.GetManifestResourceNames().Where(resource => resource.StartsWith(name + "/", StringComparison.Ordinal));
        foreach (var resource in all.Order())
        {
            using var stream = assembly.GetManifestResourceStream(resource)!;
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            yield return bytes.ToArray();
        }
    }
}

/// <summary>What was read is not what it must be.</summary>
internal sealed class FuzzException(string message) : Exception(message);
