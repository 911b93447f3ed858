using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Patterns;

public sealed class PatternTests
{
    [Theory]
    // exact: strings, numbers by value, booleans, null
    [InlineData("""{"a":["x"]}""", """{"a":"x"}""", true)]
    [InlineData("""{"a":["x"]}""", """{"a":"X"}""", false)]
    [InlineData("""{"a":["x"]}""", """{"a":"\u0078"}""", true)]
    [InlineData("""{"a":["1"]}""", """{"a":1}""", false)]
    [InlineData("""{"a":[300]}""", """{"a":3.0e2}""", true)]
    [InlineData("""{"a":[300]}""", """{"a":300.1}""", false)]
    [InlineData("""{"a":[12345678901234567890]}""", """{"a":12345678901234567890}""", true)]
    [InlineData("""{"a":[12345678901234567890]}""", """{"a":12345678901234567891}""", false)]
    [InlineData("""{"a":[true]}""", """{"a":true}""", true)]
    [InlineData("""{"a":[false]}""", """{"a":null}""", false)]
    [InlineData("""{"a":[null]}""", """{"a":null}""", true)]
    [InlineData("""{"a":[null]}""", """{}""", false)]
    [InlineData("""{"a":["x","y"]}""", """{"a":"y"}""", true)]
    // all fields must match; an array in the event matches when one of its values does
    [InlineData("""{"a":["x"],"b":["y"]}""", """{"a":"x"}""", false)]
    [InlineData("""{"a":["x"]}""", """{"a":["w","x"]}""", true)]
    [InlineData("""{"a":["x"]}""", """{"a":[["w"],["x"]]}""", true)]
    [InlineData("""{"a":["x"]}""", """{"a":[]}""", false)]
    [InlineData("""{"a":["x"]}""", """{"a":{"b":"x"}}""", false)]
    [InlineData("""{"a.b":["x"]}""", """{"a":{"b":"x"}}""", true)]
    [InlineData("""{"a.b":["x"],"a":{"c":["y"]}}""", """{"a":{"b":"x","c":"z"}}""", false)]
    [InlineData("""{"a":["x"]}""", """{"a":"w","a":"x"}""", true)]
    [InlineData("""{"a":["x"]}""", """[1]""", false)]
    [InlineData("""{"a":["x"]}""", "\"text\"", false)]
    // prefix, suffix, equals-ignore-case
    [InlineData("""{"a":[{"prefix":"eu-"}]}""", """{"a":"eu-central-1"}""", true)]
    [InlineData("""{"a":[{"prefix":"eu-"}]}""", """{"a":"us-eu-1"}""", false)]
    [InlineData("""{"a":[{"prefix":{"equals-ignore-case":"EU-"}}]}""", """{"a":"eu-central-1"}""", true)]
    [InlineData("""{"a":[{"suffix":".png"}]}""", """{"a":"x.png"}""", true)]
    [InlineData("""{"a":[{"suffix":{"equals-ignore-case":".PNG"}}]}""", """{"a":"x.png"}""", true)]
    [InlineData("""{"a":[{"suffix":".png"}]}""", """{"a":5}""", false)]
    [InlineData("""{"a":[{"equals-ignore-case":"ÜBER"}]}""", """{"a":"über"}""", true)]
    [InlineData("""{"a":[{"prefix":"a\u0022b"}]}""", """{"a":"a\u0022bc"}""", true)]
    // anything-but requires the field
    [InlineData("""{"a":[{"anything-but":"x"}]}""", """{"a":"y"}""", true)]
    [InlineData("""{"a":[{"anything-but":"x"}]}""", """{"a":"x"}""", false)]
    [InlineData("""{"a":[{"anything-but":["x",5]}]}""", """{"a":5.0}""", false)]
    [InlineData("""{"a":[{"anything-but":["x",5]}]}""", """{"a":6}""", true)]
    [InlineData("""{"a":[{"anything-but":["x"]}]}""", """{}""", false)]
    [InlineData("""{"a":[{"anything-but":["x"]}]}""", """{"a":["x","y"]}""", true)]
    // numeric
    [InlineData("""{"a":[{"numeric":[">",80]}]}""", """{"a":80.5}""", true)]
    [InlineData("""{"a":[{"numeric":[">",80]}]}""", """{"a":80}""", false)]
    [InlineData("""{"a":[{"numeric":[">",80]}]}""", """{"a":"81"}""", false)]
    [InlineData("""{"a":[{"numeric":[">",0,"<=",5]}]}""", """{"a":5}""", true)]
    [InlineData("""{"a":[{"numeric":[">",0,"<=",5]}]}""", """{"a":0}""", false)]
    [InlineData("""{"a":[{"numeric":["=",1e2]}]}""", """{"a":100}""", true)]
    [InlineData("""{"a":[{"numeric":["<",-1.5]}]}""", """{"a":-2}""", true)]
    [InlineData("""{"a":[{"numeric":[">=",1]}]}""", """{"a":1e999}""", false)]
    // exists tests leaves
    [InlineData("""{"a":[{"exists":true}]}""", """{"a":null}""", true)]
    [InlineData("""{"a":[{"exists":true}]}""", """{"a":{"b":1}}""", false)]
    [InlineData("""{"a":[{"exists":true}]}""", """{"a":[]}""", false)]
    [InlineData("""{"a":[{"exists":false}]}""", """{"a":{"b":1}}""", true)]
    [InlineData("""{"a":[{"exists":false}]}""", """{"a":[]}""", true)]
    [InlineData("""{"a":[{"exists":false}]}""", """{"a":0}""", false)]
    [InlineData("""{"a":{"b":[{"exists":false}]}}""", """{"a":5}""", true)]
    [InlineData("""{"a":{"b":[{"exists":false}]}}""", """{}""", true)]
    [InlineData("""{"a":[{"exists":false},"x"]}""", """{"a":"x"}""", true)]
    [InlineData("""{"a":[{"exists":false},"x"]}""", """{"a":"y"}""", false)]
    // wildcard
    [InlineData("""{"a":[{"wildcard":"dir/*.png"}]}""", """{"a":"dir/x/y.png"}""", true)]
    [InlineData("""{"a":[{"wildcard":"dir/*.png"}]}""", """{"a":"dir/.png"}""", true)]
    [InlineData("""{"a":[{"wildcard":"dir/*.png"}]}""", """{"a":"dir/x.jpg"}""", false)]
    [InlineData("""{"a":[{"wildcard":"*b*c"}]}""", """{"a":"abcbc"}""", true)]
    [InlineData("""{"a":[{"wildcard":"aba*aba"}]}""", """{"a":"aba"}""", false)]
    [InlineData("""{"a":[{"wildcard":"a\\*b"}]}""", """{"a":"a*b"}""", true)]
    [InlineData("""{"a":[{"wildcard":"a\\*b"}]}""", """{"a":"axb"}""", false)]
    [InlineData("""{"a":[{"wildcard":"*😀"}]}""", """{"a":"x😀"}""", true)]
    [InlineData("""{"a":[{"wildcard":"x"}]}""", """{"a":"x"}""", true)]
    // cidr
    [InlineData("""{"a":[{"cidr":"10.0.0.0/24"}]}""", """{"a":"10.0.0.255"}""", true)]
    [InlineData("""{"a":[{"cidr":"10.0.0.0/24"}]}""", """{"a":"10.0.1.0"}""", false)]
    [InlineData("""{"a":[{"cidr":"10.0.0.0/23"}]}""", """{"a":"10.0.1.0"}""", true)]
    [InlineData("""{"a":[{"cidr":"0.0.0.0/0"}]}""", """{"a":"203.0.113.9"}""", true)]
    [InlineData("""{"a":[{"cidr":"10.0.0.0/24"}]}""", """{"a":"10.0.0"}""", false)]
    [InlineData("""{"a":[{"cidr":"2001:db8::/33"}]}""", """{"a":"2001:db8:7fff::1"}""", true)]
    [InlineData("""{"a":[{"cidr":"2001:db8::/33"}]}""", """{"a":"2001:db8:8000::1"}""", false)]
    [InlineData("""{"a":[{"cidr":"10.0.0.0/24"}]}""", """{"a":"::ffff:10.0.0.1"}""", false)]
    // $or
    [InlineData("""{"$or":[{"a":["x"]},{"b":["y"]}]}""", """{"b":"y"}""", true)]
    [InlineData("""{"$or":[{"a":["x"]},{"b":["y"]}]}""", """{"a":"y"}""", false)]
    [InlineData("""{"c":["z"],"$or":[{"a":["x"]},{"b":["y"]}]}""", """{"b":"y"}""", false)]
    [InlineData("""{"d":{"$or":[{"a":["x"]},{"b":["y"]}]}}""", """{"d":{"b":"y"}}""", true)]
    public void An_event_matches_as_in_EventBridge(string pattern, string json, bool expected)
    {
        using var document = JsonDocument.Parse(json);
        var compiled = PatternText.Read(pattern, out var problems);
        Assert.True(compiled is not null, problems);
        Assert.Equal(expected, compiled.Matches(document.RootElement));
        Assert.Equal(expected, compiled.FirstMismatch(document.RootElement, "") is null);
    }

    [Theory]
    [InlineData("""{"a":{"b":["x"],"c":["y"]}}""", """{"a":[{"b":"x","c":"y"}]}""", true)]
    [InlineData("""{"a":{"b":["x"],"c":["y"]}}""", """{"a":[{"b":"x","c":"z"},{"b":"w","c":"y"}]}""", false)]
    [InlineData("""{"a":{"b":["x"],"c":["y"]}}""", """{"a":[{"b":"x","c":"z"},{"b":["w","x"],"c":["y"]}]}""", true)]
    [InlineData("""{"a":{"b":{"c":["x"]},"d":["y"]}}""", """{"a":[{"b":[{"c":"w"},{"c":"x"}],"d":"y"}]}""", true)]
    [InlineData("""{"a":{"b":["x"],"$or":[{"c":["y"]},{"d":["z"]}]}}""", """{"a":[{"b":"x","c":"n"},{"b":"n","d":"z"}]}""", false)]
    [InlineData("""{"a":{"b":["x"],"c":[{"exists":false}]}}""", """{"a":[{"b":"x"},{"b":"w","c":1}]}""", true)]
    [InlineData("""{"a":{"c":[{"exists":false}]}}""", """{"a":[{"b":"x"},{"c":1}]}""", false)]
    [InlineData("""{"a":{"c":[{"exists":false}]}}""", """{"a":[{"b":"x"},{"b":1}]}""", true)]
    public void Fields_of_an_array_of_objects_match_inside_one_element(string pattern, string json, bool expected)
    {
        using var document = JsonDocument.Parse(json);
        Assert.Equal(expected, PatternText.Read(pattern, out _)!.Matches(document.RootElement));
    }

    [Theory]
    [InlineData("""[]""", "an event pattern is an object")]
    [InlineData("""{}""", "an empty object")]
    [InlineData("""{"a":[]}""", "an empty array")]
    [InlineData("""{"a":"x"}""", "write [\"x\"]")]
    [InlineData("""{"a":[["x"]]}""", "not an array")]
    [InlineData("""{"a":[{"prefix":"x","suffix":"y"}]}""", "one key")]
    [InlineData("""{"a":[{"regex":"x"}]}""", "'regex' is not an operator")]
    [InlineData("""{"a":[{"prefix":5}]}""", "prefix takes a string")]
    [InlineData("""{"a":[{"exists":"yes"}]}""", "exists takes true or false")]
    [InlineData("""{"a":[{"numeric":[">"]}]}""", "numeric takes")]
    [InlineData("""{"a":[{"numeric":["!=",5]}]}""", "numeric takes")]
    [InlineData("""{"a":[{"wildcard":"a**b"}]}""", "** is not allowed")]
    [InlineData("""{"a":[{"wildcard":"a\\nb"}]}""", "only \\* and \\\\ are escapes")]
    [InlineData("""{"a":[{"cidr":"10.0.0.0/33"}]}""", "is not a network")]
    [InlineData("""{"a":[{"anything-but":{"prefix":"x"}}]}""", "in this version")]
    [InlineData("""{"$or":[{"a":["x"]}]}""", "at least two objects")]
    [InlineData("""{"$or":[{"prefix":["x"]},{"a":["x"]}]}""", "cannot stand directly inside $or")]
    public void A_meaningless_pattern_is_a_mistake(string pattern, string problem)
    {
        Assert.Null(PatternText.Read(pattern, out var problems));
        Assert.Contains(problem, problems, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        """{"source":["aws.ec2"],"detail":{"state":["running"]}}""",
        """{"source":"aws.ec2","detail":{"state":"stopped"}}""",
        "detail.state")]
    [InlineData("""{"source":["aws.ec2"],"detail":{"state":["running"]}}""", """{"source":"aws.s3"}""", "source")]
    [InlineData("""{"a":{"b":["x"],"c":["y"]}}""", """{"a":[{"b":"x"},{"c":"y"}]}""", "a[*]")]
    [InlineData("""{"$or":[{"a":["x"]},{"b":["y"]}]}""", """{}""", "$or")]
    public void The_first_field_that_does_not_match_is_named(string pattern, string json, string path)
    {
        using var document = JsonDocument.Parse(json);
        Assert.Equal(path, PatternText.Read(pattern, out _)!.FirstMismatch(document.RootElement, ""));
    }

    [Fact]
    public void Strings_and_numbers_are_matched_without_allocating()
    {
        using var document = JsonDocument.Parse("""{"a":"eu-central-1","b":[1,2,300],"c":{"d":"10.0.0.1"}}""");
        var pattern = PatternText.Read(
            """{"a":[{"prefix":"eu-"}],"b":[{"numeric":[">",2]}],"c":{"d":["10.0.0.1",{"suffix":"x"}]}}""",
            out _)!;
        Assert.True(pattern.Matches(document.RootElement));
        var before = GC.GetAllocatedBytesForCurrentThread();
        pattern.Matches(document.RootElement);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
