using System.Text;

namespace FastTrigger.Fuzzing;

/// <summary>A number of inputs, made from a seed.</summary>
internal static class FuzzRun
{
    /// <summary>The number of inputs that were read.</summary>
    /// <exception cref="FuzzException">One led to a fault. The message has the shortest part of it that still does.</exception>
    public static int Of(FuzzTarget target, int seed, int count)
    {
        var mutator = new Mutator(target.Seeds, seed, target.IsJson);
        for (var i = 0; i < count; i++)
        {
            var input = mutator.Next();
            if (Fault(target, input) is { } fault)
            {
                input = Shrink(target, input, fault.GetType());
                throw new FuzzException($"""
                    {target.Name}, seed {seed}, input {i}: {Fault(target, input)}
                    the input as base64: {Convert.ToBase64String(input)}
                    as text: {Encoding.UTF8.GetString(input)}
                    """);
            }
        }

        return count;
    }

    /// <summary>Removes pieces, from large ones to single bytes, for as long as the fault is of the same type.</summary>
    private static byte[] Shrink(FuzzTarget target, byte[] input, Type fault)
    {
        for (var size = input.Length / 2; size > 0; size /= 2)
        {
            for (var at = 0; at + size <= input.Length;)
            {
                byte[] less = [.. input[..at], .. input[(at + size)..]];
                if (Fault(target, less)?.GetType() == fault)
                {
                    input = less;
                }
                else
                {
                    at += size;
                }
            }
        }

        return input;
    }

    private static Exception? Fault(FuzzTarget target, byte[] input)
    {
        try
        {
            target.Run(input);
            return null;
        }
        // Whatever it is, it is what is looked for.
        catch (Exception e)
        {
            return e;
        }
    }
}
