using System.Formats.Asn1;
using FastTrigger.Http.Trust;

namespace FastTrigger.Tests.Http.Trust;

/// <summary>Two names that are one for OpenSSL have one number. A name that has none is found among all certificates.</summary>
public sealed class NameKeyTests
{
    private static readonly string[] s_types = ["utf8", "printable", "t61", "ia5", "bmp", "universal", "numeric", "bits"];
    private static readonly string[] s_identifiers = ["2.5.4.3", "2.5.4.10"];

    [Fact]
    public void Names_that_are_equal_for_OpenSSL_have_one_number()
    {
        var random = new Random(7);
        var equal = 0;
        for (var i = 0; i < 60_000; i++)
        {
            var (one, other) = (Name(random), Name(random));
            if (OpenSslStore.AreSame(one, other) == true && Key(one) is { } key && Key(other) is { } same)
            {
                equal++;
                Assert.True(key == same, $"{Convert.ToHexString(one)} and {Convert.ToHexString(other)}");
            }
        }

        Assert.True(equal > 300, $"only {equal} pairs were equal");
    }

    [Theory]
    [InlineData("30123110300e06035504030c0741 62 20 20 43 20 20", "3010310e300c06035504031305 61 42 20 63 20", true)]
    [InlineData("300f310d300b06035504030c04 c3 a9 41 42", "3012 3110 300e 0603550403 1e07 00e9 0041 0042 00", null)]
    [InlineData("300f310d300b06035504030c04 c3 a9 41 42", "3011 310f 300d 0603550403 1e06 00e9 0041 0042", true)]
    [InlineData("300c310a300806035504030c01 61", "300c310a300806035504030c01 62", false)]
    [InlineData("3000", "30023100", true)]
    [InlineData("300c310a300806035504030c01 61", "300e3100310a300806035504030c01 41", true)]
    [InlineData("300c310a300806035504030c01 61", "300f 3180 3008 0603550403 0c01 61 0000 00", null)]
    public void Case_blanks_and_types_of_text_do_not_count(string one, string other, bool? same)
    {
        var (first, second) = (Bytes(one), Bytes(other));
        if (same is { } expected)
        {
            Assert.Equal(expected, OpenSslStore.AreSame(first, second));
            Assert.Equal(expected, Key(first) == Key(second));
        }
    }

    [Theory]
    [InlineData("", "nothing")]
    [InlineData("30", "no length")]
    [InlineData("3080310a300806035504030c016100 00", "a length that nobody knows")]
    [InlineData("30843100000000", "a length of four bytes")]
    [InlineData("300c310a300806035504030c0261", "a text that is longer than its name")]
    [InlineData("300c310a300806035504032c0161", "a text in parts")]
    [InlineData("300c310a300806035504033f0161", "a type of several bytes")]
    [InlineData("300a3108300606035504030c", "a text without a length")]
    [InlineData("3009310730050603550403", "no text")]
    public void A_name_of_another_form_has_no_number(string name, string what) => Assert.True(Key(Bytes(name)) is null, what);

    [Fact]
    public void Any_bytes_have_a_number_or_none()
    {
        var random = new Random(11);
        for (var i = 0; i < 20_000; i++)
        {
            var name = Name(random);
            name[random.Next(name.Length)] = (byte)random.Next(256);
            _ = Key(name[..random.Next(name.Length + 1)]);
            _ = Key(name);
            _ = NameKey.TryOfSubject(name, out _);
        }
    }

    private static uint? Key(byte[] name) => NameKey.TryOf(name, out var key) ? key : null;

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

    /// <summary>A name of one or two texts in one set or two, from so few letters that many names are equal.</summary>
    private static byte[] Name(Random random)
    {
        var writer = new AsnWriter(AsnEncodingRules.BER);
        using (writer.PushSequence())
        {
            for (var sets = random.Next(1, 3); sets > 0; sets--)
            {
                using (writer.PushSetOf())
                {
                    for (var texts = random.Next(8) == 0 ? 2 : 1; texts > 0; texts--)
                    {
                        using (writer.PushSequence())
                        {
                            writer.WriteObjectIdentifier(s_identifiers[random.Next(8) == 0 ? 1 : 0]);
                            Write(writer, s_types[random.Next(s_types.Length)], Text(random));
                        }
                    }
                }
            }
        }

        return writer.Encode();
    }

    private static string Text(Random random)
    {
        const string Letters = "aA1  .";
        var text = string.Concat(Enumerable.Range(0, random.Next(1, 3)).Select(_ => Letters[random.Next(Letters.Length)]));
        return random.Next(10) == 0 ? text + "\u4141" : random.Next(10) == 0 ? text + "\u00e9" : text;
    }

    private static void Write(AsnWriter writer, string type, string text)
    {
        var latin = Encoding.Latin1.GetBytes(text);
        switch (type)
        {
            case "utf8":
                Tagged(12, Encoding.UTF8.GetBytes(text));
                break;
            case "bmp":
                Tagged(30, Encoding.BigEndianUnicode.GetBytes(text));
                break;
            case "universal":
                Tagged(28, [.. text.SelectMany(letter => new byte[] { 0, 0, (byte)(letter >> 8), (byte)letter })]);
                break;
            case "bits":
                Tagged(3, [0, .. latin]);
                break;
            default:
                Tagged(type switch { "printable" => 19, "t61" => 20, "ia5" => 22, _ => 18 }, latin);
                break;
        }

        void Tagged(int tag, byte[] bytes) => writer.WriteEncodedValue([(byte)tag, (byte)bytes.Length, .. bytes]);
    }
}
