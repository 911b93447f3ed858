using System.Globalization;
using System.Text.RegularExpressions;

/// <summary>What C# of a user may compute. The tests run the same code in .NET, and compare.</summary>
internal static partial class Computing
{
    private static readonly double[] s_numbers =
        [0, -0.0, 0.1, 1, 1.5, 2.5, -2.5, 3.7, 10, 1e-320, 1e300, 123456.789, Math.PI, double.MaxValue, double.NaN];

    /// <summary>One line for each computation.</summary>
    public static string Show()
    {
        var lines = new List<string>();
        foreach (var x in s_numbers)
        {
            double[] results =
            [
                Math.Log(x), Math.Log10(x), Math.Log2(x), Math.Log(x, 3), Math.Exp(x), Math.Pow(x, 1.7), Math.Pow(2, x), Math.Sqrt(x),
                Math.Sin(x), Math.Cos(x), Math.Tan(x), Math.Asin(x), Math.Acos(x), Math.Atan(x), Math.Atan2(x, 2), Math.Sinh(x),
                Math.Cosh(x), Math.Tanh(x), Math.Acosh(x), Math.Asinh(x), Math.Atanh(x), Math.Round(x), Math.Floor(x), Math.Ceiling(x),
                Math.Truncate(x), Math.IEEERemainder(x, 3), x % 3, Math.FusedMultiplyAdd(x, 3, 1), Math.ScaleB(x, 3), MathF.Log((float)x),
                MathF.Exp((float)x), MathF.Pow((float)x, 1.7f), MathF.Sin((float)x), MathF.Round((float)x), double.RootN(x, 5),
                Math.Cbrt(x),
            ];
            lines.Add(string.Join(' ', results.Select(result => result.ToString("R", CultureInfo.InvariantCulture))));
            var text = x.ToString("E16", CultureInfo.InvariantCulture);
            lines.Add($"{text} {double.Parse(text, CultureInfo.InvariantCulture).Equals(x)} {x:F3} {x:N2}");
        }

        lines.Add(string.Join(' ', Valve().Matches("valve V-17 feeds tank T-4").Select(match => match.Groups["number"].Value)));
        lines.Add(new Regex("^(a+)+$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant).Replace("AAA", "b"));
        lines.Add(Zone("Europe/Berlin") + " " + Zone("America/New_York") + " " + Zone("Nowhere/Else"));
        lines.Add(Culture("de-DE") + " " + Culture(""));
        lines.Add(decimal.Divide(10, 3).ToString(CultureInfo.InvariantCulture) + " " + "straße İI".ToUpperInvariant());
        lines.Add(Failure(() => int.Parse("x", CultureInfo.InvariantCulture)) + " " + Failure(() => new Dictionary<string, int>()["tank"]));
        return string.Join('\n', lines);
    }

    [GeneratedRegex(@"\b[A-Z]-(?<number>\d+)\b")]
    private static partial Regex Valve();

    private static string Zone(string id)
    {
        try
        {
            var noon = new DateTimeOffset(2026, 7, 1, 12, 0, 0, TimeSpan.Zero);
            return TimeZoneInfo.ConvertTime(noon, TimeZoneInfo.FindSystemTimeZoneById(id)).ToString("O", CultureInfo.InvariantCulture);
        }
        catch (TimeZoneNotFoundException)
        {
            return id + " is missing";
        }
    }

    private static string Culture(string name)
    {
        try
        {
            return 1234.5.ToString("N1", CultureInfo.GetCultureInfo(name));
        }
        catch (CultureNotFoundException)
        {
            return name + " is missing";
        }
    }

    private static string Failure(Func<int> fails)
    {
        try
        {
            return fails().ToString(CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is FormatException or KeyNotFoundException)
        {
            return e.Message;
        }
    }
}
