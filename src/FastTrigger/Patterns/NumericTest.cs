using System.Runtime.InteropServices;
using System.Text.Json;

namespace FastTrigger.Patterns;

/// <summary>{"numeric": [">", 0, "&lt;=", 100]}: one or two comparisons, which must all hold.</summary>
internal sealed class NumericTest(NumericTest.Comparison[] comparisons) : ValueTest
{
    internal readonly record struct Comparison(string Operator, double Limit)
    {
        public static bool IsOperator(string text) => text is "=" or "<" or "<=" or ">" or ">=";

        public bool Holds(double value) => Operator switch
        {
            "=" => value == Limit,
            "<" => value < Limit,
            "<=" => value <= Limit,
            ">" => value > Limit,
            _ => value >= Limit,
        };
    }

    public override bool Matches(JsonElement leaf)
    {
        if (leaf.ValueKind != JsonValueKind.Number || !Numbers.TryParse(JsonMarshal.GetRawUtf8Value(leaf), out var value))
        {
            return false;
        }

        foreach (var comparison in comparisons)
        {
            if (!comparison.Holds(value))
            {
                return false;
            }
        }

        return true;
    }
}
