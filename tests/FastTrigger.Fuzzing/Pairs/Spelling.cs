using System.Globalization;
using System.Text;

namespace FastTrigger.Fuzzing.Pairs;

/// <summary>The notations of one text or number in JSON, chosen at random.</summary>
internal sealed class Spelling(Random random)
{
    /// <summary>A string of JSON, some of whose letters are escaped.</summary>
    public string Text(string text)
    {
        var json = new StringBuilder("\"");
        var oneIn = random.Next(3) == 0 ? 2 : 12;
        foreach (var letter in text.EnumerateRunes())
        {
            var isEscaped = random.Next(oneIn) == 0;
            _ = letter.Value switch
            {
                '"' or '\\' when !isEscaped => json.Append('\\').Append(letter),
                '/' when isEscaped => json.Append("\\/"),
                '\n' when isEscaped => json.Append("\\n"),
                < ' ' or '"' or '\\' => json.Append(Hex(letter)),
                _ => isEscaped ? json.Append(Hex(letter)) : json.Append(letter),
            };
        }

        return json.Append('"').ToString();
    }

    /// <summary>A number: digits times a power of ten.</summary>
    public string Number(long digits, int exponent)
    {
        var sign = digits < 0 || (digits == 0 && random.Next(4) == 0) ? "-" : "";
        var text = Math.Abs(digits).ToString(CultureInfo.InvariantCulture);
        var shift = random.Next(4) == 0 ? random.Next(-3, 4) : 0;
        if (exponent is < -20 or > 20 || random.Next(4) == 0)
        {
            return sign + WithPoint(text, shift) + Power(exponent + shift);
        }

        return exponent >= 0
            ? sign + (digits == 0 ? "0" : text + new string('0', exponent)) + (random.Next(6) == 0 ? ".00" : "")
            : sign + WithPoint(text, -exponent) + new string('0', random.Next(6) == 0 ? 2 : 0);
    }

    /// <summary>The digits with that many of them behind the point.</summary>
    private static string WithPoint(string digits, int decimals)
    {
        if (decimals <= 0)
        {
            return digits == "0" ? digits : digits + new string('0', -decimals);
        }

        digits = digits.PadLeft(decimals + 1, '0');
        return $"{digits[..^decimals]}.{digits[^decimals..]}";
    }

    private string Power(int exponent)
    {
        var sign = exponent < 0 ? "-" : random.Next(2) == 0 ? "+" : "";
        var zeros = random.Next(4) == 0 ? "0" : "";
        return (random.Next(2) == 0 ? "e" : "E") + sign + zeros + Math.Abs(exponent).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Outside of the basic plane a letter is a pair of surrogates, of which half an escape would be none.</summary>
    private string Hex(Rune letter) => string.Concat(letter.ToString()
        .Select(half => "\\u" + ((int)half).ToString(random.Next(2) == 0 ? "x4" : "X4", CultureInfo.InvariantCulture)));
}
