using FastTrigger.Cli.Matching;
using FastTrigger.Fuzzing.Pairs;
using FastTrigger.Json;
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
    // a letter of the pattern stands for its lower and its upper case
    [InlineData("""{"a":[{"equals-ignore-case":"ẞ"}]}""", """{"a":"ß"}""", true)]
    [InlineData("""{"a":[{"equals-ignore-case":"ß"}]}""", """{"a":"ẞ"}""", false)]
    [InlineData("""{"a":[{"equals-ignore-case":"ǅ"}]}""", """{"a":"Ǆ"}""", true)]
    [InlineData("""{"a":[{"equals-ignore-case":"\ud801\udc00x"}]}""", """{"a":"\ud801\udc28X"}""", true)]
    [InlineData("""{"a":[{"suffix":{"equals-ignore-case":"\ud801\udc00x"}}]}""", """{"a":"é\ud801\udc28X"}""", true)]
    [InlineData("""{"a":[{"prefix":"a\u0022b"}]}""", """{"a":"a\u0022bc"}""", true)]
    // anything-but requires the field
    [InlineData("""{"a":[{"anything-but":"x"}]}""", """{"a":"y"}""", true)]
    [InlineData("""{"a":[{"anything-but":"x"}]}""", """{"a":"x"}""", false)]
    [InlineData("""{"a":[{"anything-but":[4,5]}]}""", """{"a":5.0}""", false)]
    [InlineData("""{"a":[{"anything-but":[4,5]}]}""", """{"a":6}""", true)]
    [InlineData("""{"a":[{"anything-but":5}]}""", """{"a":"5"}""", true)]
    [InlineData("""{"a":[{"anything-but":{"prefix":"x"}}]}""", """{"a":"y"}""", true)]
    [InlineData("""{"a":[{"anything-but":{"prefix":["w","x"]}}]}""", """{"a":"xy"}""", false)]
    [InlineData("""{"a":[{"anything-but":{"prefix":"x"}}]}""", """{"a":5}""", true)]
    [InlineData("""{"a":[{"anything-but":{"prefix":"x"}}]}""", """{}""", false)]
    [InlineData("""{"a":[{"anything-but":{"suffix":["x","z"]}}]}""", """{"a":"ax"}""", false)]
    [InlineData("""{"a":[{"anything-but":{"suffix":"z"}}]}""", """{"a":"ax"}""", true)]
    [InlineData("""{"a":[{"anything-but":{"equals-ignore-case":["X"]}}]}""", """{"a":"x"}""", false)]
    [InlineData("""{"a":[{"anything-but":{"equals-ignore-case":"X"}}]}""", """{"a":"xy"}""", true)]
    [InlineData("""{"a":[{"anything-but":{"wildcard":"*/b/*"}}]}""", """{"a":"a/b/c"}""", false)]
    [InlineData("""{"a":[{"anything-but":{"wildcard":["*/b/*","c*"]}}]}""", """{"a":"b"}""", true)]
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
    // by value, exactly
    [InlineData("""{"a":[{"numeric":[">=",1]}]}""", """{"a":1e999}""", true)]
    [InlineData("""{"a":[{"numeric":["<",1]}]}""", """{"a":-1e999}""", true)]
    [InlineData("""{"a":[{"numeric":["<",1]}]}""", """{"a":1e-99999999999999999999}""", true)]
    [InlineData("""{"a":[{"numeric":[">",0]}]}""", """{"a":1e-99999999999999999999}""", true)]
    [InlineData("""{"a":[{"numeric":["<",0.1]}]}""", """{"a":0.09999999999999999999}""", true)]
    [InlineData("""{"a":[{"numeric":["=",0]}]}""", """{"a":-0.0e5}""", true)]
    [InlineData("""{"a":[1000000000000000]}""", """{"a":1e15}""", true)]
    [InlineData("""{"a":[1000000000000000]}""", """{"a":1000000000000000.0}""", true)]
    [InlineData("""{"a":[1000000000000000]}""", """{"a":1000000000000000.1}""", false)]
    // beyond the exponents that are compared exactly
    [InlineData("""{"a":[1e1000000000]}""", """{"a":10e999999999}""", true)]
    [InlineData("""{"a":[1e-1000000000]}""", """{"a":1e-99999999999999999999}""", false)]
    [InlineData("""{"a":[0e99999999999999999999]}""", """{"a":0}""", true)]
    [InlineData("""{"a":[0.1]}""", """{"a":0.1000000000000000055511151231257827}""", false)]
    [InlineData("""{"a":[0.1]}""", """{"a":0.1000000000000000000000000000000000}""", true)]
    // a dot joins names, in the pattern and in the event
    [InlineData("""{"detail":{"tags":{"kubernetes.io/name":["x"]}}}""", """{"detail":{"tags":{"kubernetes.io/name":"x"}}}""", true)]
    [InlineData("""{"detail":{"tags":{"kubernetes.io/name":["x"]}}}""", """{"detail":{"tags":{"kubernetes.io/name":"y"}}}""", false)]
    [InlineData("""{"a":{"b":{"c":["x"]}}}""", """{"a.b":{"c":"x"}}""", true)]
    [InlineData("""{"a":{"b":{"c":["x"]}}}""", """{"a":{"b.c":"x"},"a.b":{"d":1}}""", true)]
    [InlineData("""{"a.b":["x"],"c":["y"]}""", """{"a\u002eb":"x","c":"y"}""", true)]
    [InlineData("""{"b.c":[{"exists":false}]}""", """{"b.c":1}""", false)]
    [InlineData("""{"b.c":[{"exists":false}]}""", """{"b.d":1}""", true)]
    [InlineData("""{"a":{"b":["x"],"c":["y"]}}""", """{"a":[{"b":"x","c":"y","d.e":{}}]}""", true)]
    [InlineData("""{"a":{"b.c":["x"],"d":["y"]}}""", """{"a":[{"b.c":"x","d":"z"},{"b.c":"w","d":"y"}]}""", false)]
    [InlineData("""{"a":{"b":["x","y"]}}""", """{"a":{"b":"w"},"a.b":"y"}""", true)]
    [InlineData("""{"a":["x"],"b.c":["y"]}""", """{"a":"x","b":{"c":["y"]},"d.e":1.5}""", true)]
    [InlineData("""{"a":["w"]}""", """{"a":"w","a":"x","q.r":1}""", false)]
    [InlineData("""{"a":{"b":["w"]}}""", """{"a":{"b":"w"},"a":{"b":"x"},"q.r":1}""", false)]
    [InlineData("""{"":{"e":["x"]}}""", """{".e":"x"}""", true)]
    [InlineData("""{".e":["x"]}""", """{"":{"e":"x"}}""", true)]
    // both spellings in one pattern are one object
    [InlineData("""{"detail.state":["running"],"detail":{"id":["i-1"]}}""", """{"detail":{"state":"stopped","id":"i-1"}}""", false)]
    [InlineData("""{"a.b":["x"],"a":{"c":["y"]}}""", """{"a":{"b":"z","c":"y"}}""", false)]
    [InlineData("""{"a":{"c":["y"]},"a.b":["x"]}""", """{"a":{"b":"x","c":"y"}}""", true)]
    [InlineData("""{"a.b":{"c":["x"]},"a":{"b":{"d":["y"]}}}""", """{"a":{"b":{"c":"z","d":"y"}}}""", false)]
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
        var element = PatternText.AsSeen(document.RootElement);
        Assert.Equal(expected, compiled.Matches(element));
        Assert.Equal(expected, compiled.FirstMismatch(element) is null);
        Assert.Equal(expected, new PatternReference().Matches(pattern, json));
        Assert.Equal(expected, PatternExplanation.Find(compiled, Encoding.UTF8.GetBytes(pattern), element, element).Count == 0);
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
    // "missing or x": it is not missing when any element has it
    [InlineData("""{"a":{"c":["x",{"exists":false}]}}""", """{"a":[{},{"c":"y"}]}""", false)]
    [InlineData("""{"a":{"c":["x",{"exists":false}]}}""", """{"a":[{},{"c":"x"}]}""", true)]
    [InlineData("""{"a":{"c":["x",{"exists":false}],"b":["y"]}}""", """{"a":[{"b":"y"},{"c":"z"}]}""", true)]
    [InlineData("""{"a":{"b":{"c":["x",{"exists":false}]}}}""", """{"a":{"b":[{"c":"y"},1]}}""", false)]
    [InlineData("""{"a":{"$or":[{"b":["x"]},{"d":[{"exists":false}]}]}}""", """{"a":[{"b":"w"},{"d":1}]}""", false)]
    [InlineData("""{"a":{"c":[{"exists":false}],"$or":[{"b":["x"]},{"d":[{"exists":false}]}]}}""", """{"a":[{"b":"x"},{"c":1}]}""", true)]
    [InlineData("""{"a":{"$or":[{"c":[{"exists":false}]},{"d":[{"exists":false}]}]}}""", """{"a":[{"c":1},{"d":1}]}""", false)]
    public void Fields_of_an_array_of_objects_match_inside_one_element(string pattern, string json, bool expected)
    {
        using var document = JsonDocument.Parse(json);
        Assert.Equal(expected, PatternText.Read(pattern, out _)!.Matches(document.RootElement));
        Assert.Equal(expected, new PatternReference().Matches(pattern, json));
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
    [InlineData("""{"a":[{"cidr":"10.0.0.1/32"}]}""", "is not a network")]
    [InlineData("""{"a":[{"cidr":"2001:db8::1/128"}]}""", "is not a network")]
    [InlineData("""{"a":[{"anything-but":["x",1]}]}""", "and not both in one list")]
    [InlineData("""{"a":[{"anything-but":[]}]}""", "anything-but takes a text, a number, a list of them, or one of prefix, suffix")]
    [InlineData("""{"a":[{"anything-but":true}]}""", "anything-but takes a text, a number")]
    [InlineData("""{"a":[{"anything-but":{"cidr":"10.0.0.0/8"}}]}""", "takes an object with one of prefix")]
    [InlineData("""{"a":[{"anything-but":{"prefix":"x","suffix":"y"}}]}""", "takes an object with one of prefix")]
    [InlineData("""{"a":[{"anything-but":{"prefix":5}}]}""", "prefix inside anything-but takes a text or a list of texts")]
    [InlineData("""{"a":[{"anything-but":{"suffix":["x",""]}}]}""", "an empty suffix inside anything-but excludes every text")]
    [InlineData("""{"a":[{"anything-but":{"wildcard":"a**"}}]}""", "** is not allowed")]
    [InlineData("""{"a":[{"numeric":["<",5,">",1]}]}""", "two comparisons in this order alone")]
    [InlineData("""{"a":[{"numeric":["=",5,">",1]}]}""", "two comparisons in this order alone")]
    [InlineData("""{"a":[{"numeric":[">",5,">",6]}]}""", "two comparisons in this order alone")]
    [InlineData("""{"a":[{"numeric":[">",5,"=",6]}]}""", "two comparisons in this order alone")]
    [InlineData("""{"a":[{"numeric":[">",5,"<",5]}]}""", "this range has no number")]
    [InlineData("""{"a":[{"numeric":[">=",5,"<=",5]}]}""", "this range has no number")]
    [InlineData("""{"a":[{"numeric":[">",5.1,"<",5.01]}]}""", "this range has no number")]
    [InlineData("""{"a":[{"numeric":[">",9007199254740993]}]}""", "from -5e9 to 5e9 with up to six decimals, and 9007199254740993")]
    [InlineData("""{"a":[{"numeric":[">",0.1234567]}]}""", "and 0.1234567 is not one of them")]
    [InlineData("""{"a":[{"numeric":["<",-5000000000.1]}]}""", "and -5000000000.1 is not one of them")]
    [InlineData("""{"a":[{"anything-but":[5000000001]}]}""", "and 5000000001 is not one of them")]
    [InlineData("""{"a":["x",1e1000000001]}""", "1:11: a number in a pattern has an exponent from -1000000000 to 1000000000")]
    [InlineData("""{"a":[-1e-99999999999999]}""", "a number in a pattern has an exponent")]
    [InlineData("""{"a.b":["x"],"a":["y"]}""", "'a' has both values and fields inside it; keep what your events have; the other is at 1:2")]
    [InlineData("""{"a":["y"],"a.b":["x"]}""", "'a.b' has both values and fields inside it")]
    [InlineData("""{"a":["y"],"a.b":{"c":["x"]}}""", "'a.b' has both values and fields inside it")]
    [InlineData("""{"a.b":["x"],"a":{"b":["y"]}}""", "1:19: 'b' is named twice, and EventBridge takes the last")]
    [InlineData("""{"a.b":["x"],"a":{"b":["y"]}}""", "ignores the other; the other is at 1:8")]
    [InlineData("""{"a":["x"],"$or":[{"a":["y"]},{"b":["z"]}]}""", "'a' stands both inside and outside $or")]
    [InlineData("""{"$or":[{"a":["y"]},{"b":{"c":["z"]}}],"b.c":["x"]}""", "'b.c' stands both inside and outside $or")]
    [InlineData("""{"d":{"a":["x"]},"$or":[{"d.a":["y"]},{"b":["z"]}]}""", "'d.a' stands both inside and outside $or")]
    [InlineData("""{"a":["x"],"$or":[{"b":[1]},{"a":{"c":[1]}}]}""", "'a' has both values and fields inside it")]
    [InlineData("""{"$or":[{"b":[1]},{"d.a":["x"]}],"d":{"a":{"c":[1]}}}""", "'d.a' has both values and fields inside it")]
    [InlineData("""{"$or":[{"a.c":[1],"$or":[{"a":["x"]},{"b":[2]}]},{"b":[1]}]}""", "the other is at 1:10")]
    [InlineData("""{"$or":[{"a":["x"],"$or":[{"a":["y"]},{"c":["z"]}]},{"b":["z"]}]}""", "'a' stands both inside and outside $or")]
    [InlineData("""{"$or":[{"x":{"prefix":["y"]}},{"b":["z"]}]}""", "'prefix' is reserved for an operator, and cannot be a field")]
    [InlineData("""{"$or":[{"a":["x"]}]}""", "at least two objects")]
    [InlineData("""{"$or":[{"prefix":["x"]},{"a":["x"]}]}""", "'prefix' is reserved for an operator, and cannot be a field")]
    public void A_meaningless_pattern_is_a_mistake(string pattern, string problem)
    {
        Assert.Null(PatternText.Read(pattern, out var problems));
        Assert.Contains(problem, problems, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"$or":[{"a":["x"]},{"a":["y"],"b":["z"]}]}""")]
    [InlineData("""{"$or":[{"a":["x"],"$or":[{"b":["y"]},{"c":["z"]}]},{"b":["z"]}]}""")]
    [InlineData("""{"$or":[{"a":["x"]},{"a":{"c":["y"]}}]}""")]
    [InlineData("""{"a":[{"numeric":[">",-5e9,"<",5000000000]}]}""")]
    [InlineData("""{"a":[{"numeric":["=",0.123456000]}]}""")]
    [InlineData("""{"a":[{"cidr":"10.0.0.0/31"},{"cidr":"2001:db8::/127"}]}""")]
    [InlineData("""{"a":[9007199254740993, 0.12345678]}""")]
    [InlineData("""{"e":["x"],"$or":[{"":{"e":["y"]}},{"b":["z"]}]}""")]
    public void A_pattern_at_the_edge_of_what_EventBridge_takes_is_taken(string pattern)
    {
        Assert.True(PatternText.Read(pattern, out var problems) is not null, problems);
    }

    [Fact]
    public void A_name_with_very_many_dots_opens_no_more_objects_than_JSON_may_have()
    {
        var name = string.Join('.', Enumerable.Repeat("a", 100_000));
        using var document = JsonDocument.Parse($"{{\"{name}\":1,\"b.c\":\"x\"}}");
        using var nested = DottedNames.Nest(document.RootElement)!;
        Assert.True(PatternText.Read("""{"b":{"c":["x"]}}""", out _)!.Matches(nested.RootElement));
    }

    [Fact]
    public void A_deep_pattern_looks_at_each_value_of_deep_arrays_a_few_times_alone()
    {
        // Twice as often on each level would not come to an end.
        var pattern = string.Concat(Enumerable.Repeat("{\"a\":", 60)) + """[{"exists":false}]""" + new string('}', 60);
        var json = string.Concat(Enumerable.Repeat("[{\"a\":", 60)) + "1" + string.Concat(Enumerable.Repeat("}]", 60));
        using var document = JsonDocument.Parse($"{{\"a\":{json}}}", new() { MaxDepth = 200 });
        var compiled = PatternText.Read(pattern, out var problems);
        Assert.True(compiled is not null, problems);
        Assert.True(compiled.Matches(document.RootElement));
        Assert.False(PatternText.Read("{\"a\":" + pattern + "}", out _)!.Matches(document.RootElement));
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
        Assert.Equal(path, PatternText.Read(pattern, out _)!.FirstMismatch(document.RootElement));
    }
}
