using FastTrigger.Cli.Matching;
using FastTrigger.Cli.Routes;
using FastTrigger.Cli.Samples;
using FastTrigger.Json;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Matching;

/// <summary>What is not about fields: sources, schedules, names, trust.</summary>
public sealed class MatcherTests
{
    private const string Do = ",\"do\":[{\"handler\":{\"name\":\"h\"}}]}";

    private const string Plant = "\"when\":{\"source\":[\"water.plant\"]}";

    private const string Ec2 = "\"when\":{\"source\":[\"aws.ec2\"]}";

    private const string Auth = "\"auth\":\"none\",";

    private const string Hmac = "\"auth\":{\"iam\":{\"principals\":[\"arn:aws:iam::123456789012:role/x\"]}},";

    [Theory]
    [InlineData(Plant, "eventbridge", "")]
    [InlineData("\"dryRun\":true," + Plant, "eventbridge", "its dryRun is on: it only says what it would do")]
    [InlineData(Auth + "\"from\":[\"http\"],\"when\":{\"httpMethod\":[\"POST\"]}", "http", "its auth lets everybody in")]
    [InlineData(Hmac + "\"from\":[\"http\"],\"when\":{\"httpMethod\":[\"POST\"]}", "http", "its auth still decides whether the sender may")]
    public void What_to_know_of_a_route_that_matches_is_said(string route, string sample, string reason)
    {
        var found = Assert.Single(Match(route, SampleEvents.Read(sample)).Routes);
        Assert.Equal((true, reason), (found.Matches, found.Reason));
    }

    [Theory]
    [InlineData("\"from\":[\"eventbridge\"]," + Plant, "sqs/eventbridge",
        "it takes events from eventbridge, and this one is from sqs/eventbridge, which is eventbridge inside sqs",
        "its pattern matches: add \"sqs/eventbridge\" to its \"from\"")]
    [InlineData("\"from\":[\"eventbridge\",\"sqs/eventbridge\"],\"when\":{\"x\":[1]}", "sns",
        "it takes events from eventbridge and sqs/eventbridge, and this one is from sns", "")]
    [InlineData("\"when\":{\"httpMethod\":[\"POST\"]}", "http",
        "it has no \"from\", and events from http are taken only by routes that name it",
        "its pattern matches: give the route \"from\": [\"http\"], and \"auth\"")]
    [InlineData("\"when\":{\"httpMethod\":[\"GET\"]}", "http",
        "it has no \"from\", and events from http are taken only by routes that name it", "")]
    [InlineData("\"schedule\":\"rate(5 minutes)\"", "http",
        "it takes only what its schedule sends",
        "fasttrigger events scheduler --variant route --set fasttrigger-route=r prints such an event")]
    [InlineData("\"schedule\":\"rate(5 minutes)\"", "eventbridge",
        "it takes only what its schedule sends",
        "fasttrigger events scheduler --variant route --set fasttrigger-route=r prints such an event")]
    public void A_route_that_does_not_take_the_source_says_so_and_what_to_write(string route, string sample, string reason, string hint)
    {
        var found = Assert.Single(Match(route, SampleEvents.Read(sample)).Routes);
        Assert.Equal((false, reason, hint), (found.Matches, found.Reason, found.Hint));
        Assert.Empty(found.Fields);
    }

    [Fact]
    public void An_event_for_one_route_is_taken_by_no_other()
    {
        static string Sent(string route) => $$"""{"fasttrigger-route":"{{route}}","event":{{RouterFixture.Event("{}")}}}""";
        var found = Match("\"when\":{\"source\":[\"test\"]}", Sent("pump"));
        Assert.Equal("the event was sent to route 'pump' alone", found.Routes[0].Reason);
        Assert.Equal("the event was sent to route 'pump', which is not there", found.Hint);
        Assert.Equal("the event was sent to route 'R', which is not there; did you mean 'r'?", Match(Ec2, Sent("R")).Hint);
        Assert.True(Match("\"when\":{\"source\":[\"test\"]}", Sent("r")).IsTaken);
    }

    [Fact]
    public void An_event_of_AWS_from_a_queue_that_is_not_trusted_names_the_queue_C2_2()
    {
        var inner = SampleEvents.Read("eventbridge-ec2-state");
        var queue = Events.SqsSourceTests.Batch(inner);
        var arn = JsonDocument.Parse(queue).RootElement.GetProperty("Records")[0].GetProperty("eventSourceARN").GetString();
        var found = Match(Ec2, queue);
        Assert.Equal("sqs", found.Source);
        var hint = $"with \"{arn}\" in \"trust\" of the routes file it would be from sqs/eventbridge: ";
        Assert.StartsWith(hint, found.Hint, StringComparison.Ordinal);
        Assert.True(Match(Ec2, queue, head: $"\"trust\":[\"{arn}\"],").IsTaken);
    }

    [Fact]
    public void An_event_of_which_only_the_detail_was_sent_is_recognised() => Assert.StartsWith(
        "it has the fields that route 'r' wants in 'detail', and nothing around them: ",
        Match("\"when\":{\"source\":[\"water.plant\"],\"detail\":{\"level\":[1]}}", """{"level":5}""").Hint,
        StringComparison.Ordinal);

    [Fact]
    public void With_a_pattern_a_detail_alone_is_recognised_too() => Assert.StartsWith(
        "it has the fields that a pattern wants in 'detail', and nothing around them: ",
        Assert.Single(MatchPattern("""{"source":["water.plant"],"detail":{"level":[1]}}""", """{"level":5}""")).Hint,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"Source":"water.plant","DetailType":"Tank Level","Detail":"{}"}""", "it is an entry of PutEvents; ")]
    [InlineData("""{"Messages":[{"MessageId":"1","Body":"{}"}]}""", "it is the output of aws sqs receive-message: ")]
    public void What_the_AWS_CLI_sends_or_prints_is_called_by_its_name(string payload, string hint)
    {
        Assert.StartsWith(hint, Match(Plant, payload).Hint, StringComparison.Ordinal);
        Assert.StartsWith(hint, Assert.Single(MatchPattern("""{"source":["water.plant"]}""", payload)).Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void A_source_that_no_route_takes_is_named()
    {
        Assert.Equal(
            "no route takes events from sns: give one \"from\": [\"sns\"]",
            Match("\"from\":[\"sqs\"]," + Plant, SampleEvents.Read("sns")).Hint);
        Assert.Equal(
            "no event was found in this record of sns, so patterns see the record itself",
            Match(Plant, SampleEvents.Read("sns")).Hint);
        Assert.Equal("", Match("\"when\":{\"EventSource\":[\"aws:sns\"],\"x\":[1]}", SampleEvents.Read("sns")).Hint);
    }

    [Theory]
    [InlineData("http")]
    [InlineData("sns")]
    public void Nothing_is_advised_where_every_route_is_on_a_schedule(string sample) =>
        Assert.Equal("", Match("\"schedule\":\"rate(5 minutes)\"", SampleEvents.Read(sample)).Hint);

    [Theory]
    [InlineData("\"when\":{\"source\":[\"aws.ec2\"],\"error\":[{\"exists\":false}]}", 1)]
    [InlineData("\"when\":{\"source\":[\"water.plant\"],\"detail\":{\"x\":[1],\"error\":[{\"exists\":false}]}}", 0.5)]
    [InlineData("\"when\":{\"source\":[\"water.plant\"],\"id\":[{\"exists\":false}]}", 0.5)]
    public void A_route_is_near_by_the_fields_that_match_by_a_value(string route, double distance) =>
        Assert.Equal(distance, Assert.Single(Match(route, SampleEvents.Read("eventbridge")).Routes).Distance);

    [Fact]
    public void What_the_function_refuses_is_no_item_of_a_route()
    {
        var found = Match(Ec2, $"[{SampleEvents.Read("eventbridge-ec2-state")}]");
        Assert.True(found.IsRefused);
        const string Refused = "the function refuses it: element 0 of the array has the form of an event of AWS";
        Assert.StartsWith(Refused, found.Hint, StringComparison.Ordinal);
        Assert.False(found.IsTaken);
    }

    [Fact]
    public void With_a_pattern_each_element_of_an_array_is_an_event_and_has_its_place()
    {
        var state = SampleEvents.Read("eventbridge-ec2-state");
        var found = MatchPattern("""{"source":["aws.ec2"]}""", $"[{state},{SampleEvents.Read("sqs")},{{}},{state}]");
        Assert.Equal(
            ["[0] eventbridge True", "[1] sqs/eventbridge False", "[1] sqs False", "[2] direct False", "[3] eventbridge True"],
            found.Select(Line));
        Assert.Equal("[3]", found[4].ToJson()["record"]!.ToString());
        // A batch of a pipe is no list.
        Assert.All(MatchPattern("""{"eventSource":["aws:sqs"]}""", SampleEvents.Read("pipes/sqs")), item => Assert.Equal("", item.Place));

        static string Line(ItemMatch item) => $"{item.Place} {item.Source} {item.IsTaken}";
    }

    [Fact]
    public void Every_sample_is_matched_as_the_function_matches_it()
    {
        foreach (var name in SampleEvents.Names)
        {
            var found = Matcher(Plant, "").Match(Encoding.UTF8.GetBytes(SampleEvents.Read(name)), out var problem);
            Assert.Equal("", problem);
            Assert.All(found, item => Assert.True(
                item.IsTaken || item.IsRefused || item.Routes.All(route => route.Reason.Length > 0 || route.Fields.Count > 0), name));
        }
    }

    private static IReadOnlyList<ItemMatch> MatchPattern(string pattern, string payload)
    {
        var target = new MatchTarget("pattern", PatternText.Read(pattern, out _), Encoding.UTF8.GetBytes(pattern));
        return new Cli.Matching.Matcher([target], null).Match(Encoding.UTF8.GetBytes(payload), out _);
    }

    private static ItemMatch Match(string route, string payload, string head = "")
    {
        var items = Matcher(route, head).Match(Encoding.UTF8.GetBytes(payload), out var problem);
        Assert.Equal("", problem);
        return items[0];
    }

    private static Matcher Matcher(string route, string head)
    {
        var text = Encoding.UTF8.GetBytes($$"""{ {{head}} "routes":[{"name":"r",{{route}}{{Do}}]}""");
        var problems = new JsonProblems("routes.json", text);
        var routes = RoutesDocument.Compile(text, problems);
        Assert.True(routes is not null, problems.ToString());
        return Cli.Matching.Matcher.Of(routes);
    }
}
