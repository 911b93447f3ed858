using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FastTrigger.Patterns;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Patterns;

public sealed class MatchMemoryTests
{
    private static readonly string s_long = new('x', 5_000);

    [Theory]
    [InlineData("""{"a":["x",5,true,null]}""")]
    [InlineData("""{"a":[{"prefix":"b"},{"suffix":"b"}]}""")]
    [InlineData("""{"a":[{"prefix":{"equals-ignore-case":"ÜB"}},{"suffix":{"equals-ignore-case":"ÜB"}}]}""")]
    [InlineData("""{"a":[{"equals-ignore-case":"ß-ohne"}]}""")]
    [InlineData("""{"a":[{"wildcard":"*a*b"}]}""")]
    [InlineData("""{"a":[{"cidr":"10.0.0.0/8"},{"cidr":"2001:db8::/32"}]}""")]
    [InlineData("""{"a":[{"numeric":[">",0,"<=",5]}]}""")]
    [InlineData("""{"a":[{"exists":true}]}""")]
    [InlineData("""{"a":[{"exists":false}]}""")]
    [InlineData("""{"a":[{"anything-but":["x","10.1.2.3"]}]}""")]
    [InlineData("""{"a":[{"anything-but":{"wildcard":["*.3","x*"]}}]}""")]
    [InlineData("""{"o":{"a":["x"],"b":[{"exists":false}]}}""")]
    [InlineData("""{"o":{"b":[{"exists":false}]}}""")]
    [InlineData("""{"o":{"a":["x"],"$or":[{"b":["y"]},{"c":{"d":["z"]}}]}}""")]
    public void Matching_allocates_nothing(string pattern)
    {
        var node = PatternText.Read(pattern, out _)!;
        var texts = new LeafTexts();
        var index = new PatternIndex([node, node]);
        var found = new ulong[index.Words];
        JsonElement[] events =
        [
            .. ((string[])
            [
                """{"a":"10.1.2.3"}""",
                """{"a":"2001:db8::1"}""",
                $$"""{"a":"{{s_long}}"}""",
                $$"""{"a":"{{s_long}}\u00fc\"b"}""",
                """{"a":["übe\u0072",5.0,null,[true]]}""",
                """{"o":[{"a":"x","b":"w"},{"a":"x","c":{"d":"\u007a"}},[{"a":"y"}]]}""",
            ]).Select(text => JsonDocument.Parse(text).RootElement),
        ];

        // What is kept for the next event is made with the first.
        Run();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Run()
        {
            foreach (var root in events)
            {
                texts.Begin(root);
                node.FirstMismatch(root, null, texts);
                index.Find(root, texts, found);
            }
        }
    }

    [Theory]
    [InlineData("a\\u0022b", "a\"b")]
    [InlineData("\\ud83d\\ude00", "😀")]
    public void A_text_with_an_escape_is_decoded_once(string written, string text)
    {
        var root = JsonDocument.Parse($$"""["{{written}}","{{s_long}}\n","x"]""").RootElement;
        var texts = new LeafTexts().Begin(root);
        var first = texts.Read(root[0]).Text;
        Assert.Equal(text, Encoding.UTF8.GetString(first));
        Assert.Equal(s_long + "\n", Encoding.UTF8.GetString(texts.Read(root[1]).Text));
        Assert.Equal("x", Encoding.UTF8.GetString(texts.Read(root[2]).Text));

        // The second time it is the same memory.
        var again = texts.Read(root[1]).Text;
        Assert.True(Unsafe.AreSame(ref MemoryMarshal.GetReference(again), ref MemoryMarshal.GetReference(texts.Read(root[1]).Text)));
        Assert.Equal(text, Encoding.UTF8.GetString(texts.Read(root[0]).Text));
    }

    [Fact]
    public void Very_many_texts_with_escapes_are_all_read_rightly()
    {
        var texts = new LeafTexts();
        for (var round = 0; round < 3; round++)
        {
            // Of the same length in each round, so that a text of an earlier event would be at the same place.
            var values = Enumerable.Range(0, 2_000).Select(i => $"{round}-{i:0000}\t").ToList();
            var written = values.Select(value => $"\"{value.Replace("\t", "\\t", StringComparison.Ordinal)}\"");
            var root = JsonDocument.Parse($"[{string.Join(',', written)}]").RootElement;
            texts.Begin(root);
            for (var i = 0; i < values.Count; i++)
            {
                Assert.Equal(values[i], Encoding.UTF8.GetString(texts.Read(root[i]).Text));
                Assert.Equal(values[0], Encoding.UTF8.GetString(texts.Read(root[0]).Text));
            }
        }
    }

    [Fact]
    public void Each_letter_of_a_pattern_stands_for_its_lower_and_its_upper_case()
    {
        var random = new Random(7);
        var alphabet = "aAzZ09 -äÄßẞſsKkKiIıİσςΣǆǅ𐐀𐐨😀é".EnumerateRunes().Select(rune => rune.ToString()).ToArray();
        for (var i = 0; i < 20_000; i++)
        {
            var expected = Text(random.Next(i % 50 == 0 ? 300 : 4));
            var same = string.Concat(expected.EnumerateRunes().Select(rune => AnyCase(rune, random.Next(3)).ToString()));
            var value = random.Next(4) switch { 0 => same, 1 => same + Text(2), 2 => Text(2) + same, _ => Text(4) };
            var (pattern, utf8) = (new TextPattern(expected, ignoreCase: true), Encoding.UTF8.GetBytes(value));
            Rune[] wanted = [.. expected.EnumerateRunes()], runes = [.. value.EnumerateRunes()];
            var (starts, ends) = (AreCases(runes.Take(wanted.Length), wanted), AreCases(runes.TakeLast(wanted.Length), wanted));
            Assert.True(pattern.Equals(utf8) == AreCases(runes, wanted), $"'{expected}' '{value}'");
            Assert.True(pattern.StartsWith(utf8) == starts && pattern.EndsWith(utf8) == ends, $"'{expected}' '{value}'");
        }

        static bool AreCases(IEnumerable<Rune> runes, Rune[] wanted) => runes.Count() == wanted.Length
            && runes.Zip(wanted).All(pair => pair.First == Rune.ToLowerInvariant(pair.Second) || pair.First == Upper(pair.Second));

        static Rune Upper(Rune rune) => rune.Value switch { 'ı' => new('I'), 'ſ' => new('S'), _ => Rune.ToUpperInvariant(rune) };

        static Rune AnyCase(Rune rune, int which) =>
            which switch { 0 => Rune.ToUpperInvariant(rune), 1 => Rune.ToLowerInvariant(rune), _ => rune };

        string Text(int length) => string.Concat(Enumerable.Range(0, length).Select(_ => alphabet[random.Next(alphabet.Length)]));
    }
}
