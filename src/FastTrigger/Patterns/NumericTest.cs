using System.Text.Json;

namespace FastTrigger.Patterns;

/// <summary>{"numeric": [">", 0, "&lt;=", 100]}: one or two comparisons, which must all hold.</summary>
internal sealed class NumericTest(NumericTest.Comparison[] comparisons) : ValueTest
{
    public override bool Matches(Leaf leaf)
    {
        if (leaf.Kind != JsonValueKind.Number)
        {
            return false;
        }

        foreach (var comparison in comparisons)
        {
            if (!comparison.Holds(leaf.Text))
            {
                return false;
            }
        }

        return true;
    }

    /// <param name="Limit">A number as JSON writes it.</param>
    internal readonly record struct Comparison(string Operator, byte[] Limit)
    {
        /// <summary>Whether numbers above the limit match.</summary>
        public bool IsLower => Operator is ">" or ">=";

        public static bool IsOperator(string text) => text is "=" or "<" or "<=" or ">" or ">=";

        public bool Holds(ReadOnlySpan<byte> number)
        {
            var order = Numbers.Compare(number, Limit);
            return Operator switch
            {
                "=" => order == 0,
                "<" => order < 0,
                "<=" => order <= 0,
                ">" => order > 0,
                _ => order >= 0,
            };
        }
    }
}
