namespace FastTrigger.Patterns;

/// <summary>Compares JSON numbers by value, exactly: 300 equals 3.0e2, and no number has too many digits.</summary>
internal static class Numbers
{
    /// <summary>What EventBridge compares: up to this, with up to so many decimals.</summary>
    private const int MaxDecimals = 6;

    /// <summary>Of a number in a pattern, in scientific notation.</summary>
    private const int MaxExponent = 1_000_000_000;

    private static ReadOnlySpan<byte> MaxComparable => "5000000000"u8;

    public static bool AreEqual(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b) => a.SequenceEqual(b) || Compare(a, b) == 0;

    /// <summary>Below zero when a is less than b, zero when they are equal.</summary>
    /// <param name="a">A number as JSON writes it.</param>
    /// <param name="b">Another.</param>
    public static int Compare(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        var x = new Parts(a);
        var y = new Parts(b);
        return x.Sign != y.Sign ? x.Sign.CompareTo(y.Sign) : x.Sign * x.CompareMagnitude(y);
    }

    /// <summary>
    /// Whether EventBridge compares this number by value: from -5,000,000,000 to 5,000,000,000, with up to six decimals
    /// (docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html).
    /// </summary>
    public static bool IsComparable(ReadOnlySpan<byte> number)
    {
        var parts = new Parts(number);
        return parts.CompareMagnitude(new(MaxComparable)) <= 0 && parts.Decimals <= MaxDecimals;
    }

    /// <summary>Whether every number is compared with this one exactly: its exponent, as in 1.5e300, is not too large.</summary>
    public static bool IsExact(ReadOnlySpan<byte> number) => Math.Abs(new Parts(number).Exponent - 1) <= MaxExponent;

    /// <summary>A number as 0.ddd times a power of ten, whose first and last digits are not 0.</summary>
    private readonly ref struct Parts
    {
        /// <summary>Powers beyond this are as good as each other: no number of a pattern has one, and no text is that long.</summary>
        private const long MaxPower = 1L << 40;

        /// <summary>They may have a decimal point among them, which counts for nothing.</summary>
        private readonly ReadOnlySpan<byte> _digits;

        public Parts(ReadOnlySpan<byte> text)
        {
            var isNegative = text[0] == '-';
            var mantissa = isNegative ? text[1..] : text;
            var e = mantissa.IndexOfAny((byte)'e', (byte)'E');
            var power = e < 0 ? 0 : Power(mantissa[(e + 1)..]);
            mantissa = e < 0 ? mantissa : mantissa[..e];
            var point = mantissa.IndexOf((byte)'.');
            point = point < 0 ? mantissa.Length : point;
            var first = mantissa.IndexOfAnyInRange((byte)'1', (byte)'9');
            if (first < 0)
            {
                return;
            }

            Sign = isNegative ? -1 : 1;
            Exponent = power + (first < point ? point - first : point + 1 - first);
            _digits = mantissa[first..].TrimEnd("0."u8);
        }

        public int Sign { get; }

        public long Exponent { get; }

        /// <summary>The number of digits behind the decimal point; not more than zero for a whole number.</summary>
        public long Decimals => _digits.Length - (_digits.Contains((byte)'.') ? 1 : 0) - Exponent;

        public int CompareMagnitude(Parts other)
        {
            if (Exponent != other.Exponent || Sign == 0 || other.Sign == 0)
            {
                return Sign == 0 || other.Sign == 0 ? Math.Abs(Sign) - Math.Abs(other.Sign) : Exponent.CompareTo(other.Exponent);
            }

            for (int i = 0, j = 0; ; i++, j++)
            {
                i += i < _digits.Length && _digits[i] == '.' ? 1 : 0;
                j += j < other._digits.Length && other._digits[j] == '.' ? 1 : 0;
                if (i >= _digits.Length || j >= other._digits.Length)
                {
                    return (i < _digits.Length ? 1 : 0) - (j < other._digits.Length ? 1 : 0);
                }

                if (_digits[i] != other._digits[j])
                {
                    return _digits[i] - other._digits[j];
                }
            }
        }

        private static long Power(ReadOnlySpan<byte> text)
        {
            var power = 0L;
            foreach (var digit in text.TrimStart("+-"u8))
            {
                power = Math.Min((power * 10) + digit - '0', MaxPower);
            }

            return text[0] == '-' ? -power : power;
        }
    }
}
