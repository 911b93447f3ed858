using System.Text.Json.Nodes;
using FastTrigger.Cli.LocalAws;
using FastTrigger.Cli.Samples;
using FastTrigger.Tests.Support;
using FsCheck;
using FsCheck.Fluent;

namespace FastTrigger.Tests.Dispatch;

/// <summary>What sources that wait for an answer are answered, to the letter.</summary>
public sealed class AnswerTests
{
    private static readonly WorldFile s_world = new() { Sites = [new() { Path = "/up", Status = 200, Body = "good" }] };

    [Fact]
    public async Task Every_task_of_S3_Batch_is_answered()
    {
        await using var fixture = await StartAsync("s3batch", """{"s3Key":["reports/tank 4/2026-11-20.csv"]}""");
        Assert.Equal(
            Compact("""
                {"invocationSchemaVersion":"1.0","treatMissingKeysAs":"PermanentFailure",
                 "invocationId":"YXNkbGZqYWRmaiBhc2RmdW9hZHNmZGpmaGFzbGtkaGZza2RmaAo",
                 "results":[{"taskId":"dGFza2lkZ29lc2hlcmUK","resultCode":"Succeeded","resultString":"done (request request-1)"}]}
                """),
            Answer(fixture, SampleEvents.Read("s3batch")));
        Prop.ForAll(Kinds().ToArbitrary(), kinds =>
        {
            var tasks = kinds.Select((kind, i) =>
                $$"""{"taskId":"t-{{i}}","s3Key":"{{kind}}","s3VersionId":null,"s3Bucket":"b","site":"{{kind}}"}""");
            var job = $$"""{"invocationSchemaVersion":"2.0","invocationId":"x","job":{"id":"j"},"tasks":[{{string.Join(',', tasks)}}]}""";
            var answer = JsonNode.Parse(Answer(fixture, job))!;
            return answer["results"]!.AsArray()
                .Select(result => (result!["taskId"]!.GetValue<string>(), result["resultCode"]!.GetValue<string>()))
                .SequenceEqual(kinds.Select((kind, i) => ($"t-{i}", kind == "good" ? "Succeeded" : "PermanentFailure")));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(20).WithEndSize(8));
        var late = JsonNode.Parse(Answer(fixture, SampleEvents.Read("s3batch"), seconds: 0))!;
        Assert.Equal("TemporaryFailure", late["results"]![0]!["resultCode"]!.GetValue<string>());
    }

    [Fact]
    public async Task Every_record_of_Firehose_is_answered_and_goes_on_as_it_came()
    {
        await using var fixture = await StartAsync("firehose", """{"data":{"tank":["T-4"]}}""");
        Assert.Equal(
            Compact("""
                {"records":[{"recordId":"record1","result":"Ok","data":"eyJ0YW5rIjogIlQtNCIsICJsZXZlbCI6IDkzfQ=="},
                 {"recordId":"record2","result":"ProcessingFailed","data":"cGxhaW4gdGV4dA=="}]}
                """),
            Answer(fixture, SampleEvents.Read("firehose")));
        Prop.ForAll(Kinds().ToArbitrary(), kinds =>
        {
            var records = kinds.Select((kind, i) => $$"""
                {"recordId":"r-{{i}}","approximateArrivalTimestamp":1,
                 "data":"{{Convert.ToBase64String([(byte)i])}}","site":"{{kind}}"}
                """);
            var batch = $$"""{"invocationId":"x","deliveryStreamArn":"arn:s","region":"r","records":[{{string.Join(',', records)}}]}""";
            var answer = JsonNode.Parse(Answer(fixture, batch))!;
            return answer["records"]!.AsArray()
                .Select(record => (Text(record, "recordId"), Text(record, "result"), Text(record, "data")))
                .SequenceEqual(kinds.Select((kind, i) =>
                    ($"r-{i}", kind == "good" ? "Ok" : "ProcessingFailed", Convert.ToBase64String([(byte)i]))));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(20).WithEndSize(8));
    }

    [Fact]
    public async Task A_handler_may_drop_a_record_of_Firehose_or_change_it()
    {
        await using var fixture = await WithHandlerAsync(
            "firehose",
            """{"recordId":[{"exists":true}]}""",
            item => item.RecordId() == "record1" ? """{"result":"Dropped"}""" : """{"data":"bmV3"}""");
        Assert.Equal(
            Compact("""
                {"records":[{"recordId":"record1","result":"Dropped","data":"eyJ0YW5rIjogIlQtNCIsICJsZXZlbCI6IDkzfQ=="},
                 {"recordId":"record2","result":"Ok","data":"bmV3"}]}
                """),
            Answer(fixture, SampleEvents.Read("firehose")));
    }

    [Fact]
    public async Task An_authorizer_denies_unless_a_route_names_it_takes_the_request_and_is_done()
    {
        const string Arn = "arn:aws:execute-api:us-east-1:123456789012:abcdefghij/prod/POST/valves/V-22";
        static string Policy(string effect, string arn) => Compact($$$"""
            {"principalId":"fasttrigger","policyDocument":{"Version":"2012-10-17",
             "Statement":[{"Action":"execute-api:Invoke","Effect":"{{{effect}}}","Resource":"{{{arn}}}"}]}}
            """);
        await using var good = await StartAsync("authorizer", """{"headers":{"x-plant-key":["example"]}}""", otherwise: false);
        Assert.Equal(Policy("Allow", Arn), Answer(good, SampleEvents.Read("authorizer")));
        Assert.Equal(Policy("Deny", Arn), Answer(good, Wrong("authorizer")));
        Assert.Equal(
            Policy("Deny", "arn:aws:execute-api:us-east-1:123456789012:abcdefghij/prod/GET/valves"),
            Answer(good, SampleEvents.Read("authorizer-token")));
        Assert.Equal(Policy("Deny", Arn), Answer(good, SampleEvents.Read("authorizer"), seconds: 0));
        await using var simple = await StartAsync("authorizer", """{"identitySource":["example"]}""", otherwise: false);
        Assert.Equal("""{"isAuthorized":true}""", Answer(simple, SampleEvents.Read("authorizer-http")));
        Assert.Equal("""{"isAuthorized":false}""", Answer(simple, Wrong("authorizer-http")));
        await using var failing = await StartAsync("authorizer", """{"identitySource":["example"]}""", page: "missing");
        Assert.Equal("""{"isAuthorized":false}""", Answer(failing, SampleEvents.Read("authorizer-http")));
        // A route that is wide and does not name it lets nobody in.
        await using var wide = await RouterFixture.StartAsync(
            """
            {"allow":{"hosts":["localhost"]},"routes":[
              {"name":"w","when":{"type":["REQUEST"]},"do":[{"check-website":{"url":"${env.SITE}up"}}]}]}
            """,
            s_world);
        Assert.Equal("""{"isAuthorized":false}""", Answer(wide, SampleEvents.Read("authorizer-http")));
        Assert.Equal(Policy("Deny", Arn), Answer(wide, SampleEvents.Read("authorizer")));
    }

    [Fact]
    public async Task Cognitos_event_goes_back_as_it_came_or_with_what_a_handler_responds_and_an_error_says_nothing_of_the_inside()
    {
        var sample = JsonNode.Parse(SampleEvents.Read("cognito"))!;
        await using var good = await StartAsync("cognito", """{"triggerSource":["PreSignUp_SignUp"]}""", otherwise: false);
        Assert.True(JsonNode.DeepEquals(sample, JsonNode.Parse(Answer(good, SampleEvents.Read("cognito")))));
        await using var handled = await WithHandlerAsync(
            "cognito",
            """{"triggerSource":["PreSignUp_SignUp"]}""",
            _ => """{"autoConfirmUser":true}""");
        var answer = JsonNode.Parse(Answer(handled, SampleEvents.Read("cognito")))!;
        sample["response"] = new JsonObject { ["autoConfirmUser"] = true };
        Assert.True(JsonNode.DeepEquals(sample, answer));
        await using var failing = await StartAsync("cognito", """{"triggerSource":["PreSignUp_SignUp"]}""", page: "missing");
        var error = failing.Handle(SampleEvents.Read("cognito")).Error!;
        Assert.Equal(("Function.ActionFailed", "not accepted (request request-1)"), (error.Type, error.Message));
        Assert.Contains(failing.Logs, log =>
            log.GetRawText().Contains("answered 404", StringComparison.Ordinal)
            || log.GetRawText().Contains("404", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Bots_are_answered_as_Lex_V1_V2_and_Alexa_expect_it()
    {
        await using var lex = await StartAsync("lex", """{"bot":{"name":["Plant"]}}""", otherwise: false);
        Assert.Equal(
            Compact("""
                {"sessionState":{"sessionAttributes":{"site":"north"},"dialogAction":{"type":"Close"},
                 "intent":{"name":"OpenValve","confirmationState":"Confirmed",
                 "slots":{"Valve":{"value":{"originalValue":"22","interpretedValue":"V-22","resolvedValues":["V-22"]}}},
                 "state":"Fulfilled"}},"messages":[{"contentType":"PlainText","content":"Done."}]}
                """),
            JsonNode.Parse(Answer(lex, SampleEvents.Read("lex")))!.ToJsonString());
        Assert.Equal(
            Compact("""
                {"sessionAttributes":{"site":"north"},"dialogAction":{"type":"Close","fulfillmentState":"Fulfilled",
                 "message":{"contentType":"PlainText","content":"Done."}}}
                """),
            JsonNode.Parse(Answer(lex, SampleEvents.Read("lex-v1")))!.ToJsonString());
        Assert.Equal(
            """{"sessionAttributes":{"site":"north"},"dialogAction":{"type":"Delegate","slots":{"Valve":"V-22"}}}""",
            JsonNode.Parse(Answer(lex, Dialog("lex-v1")))!.ToJsonString());
        var dialog = JsonNode.Parse(Answer(lex, Dialog("lex")))!;
        var state = dialog["sessionState"]!;
        Assert.Equal(
            ("Delegate", "ReadyForFulfillment", null),
            (Text(state["dialogAction"], "type"), Text(state["intent"], "state"), dialog["messages"]));
        await using var failing = await StartAsync("lex", """{"bot":{"name":["Plant"]}}""", page: "missing");
        var failed = JsonNode.Parse(Answer(failing, SampleEvents.Read("lex")))!;
        Assert.Equal("Failed", Text(failed["sessionState"]!["intent"], "state"));

        await using var alexa = await StartAsync(
            "alexa",
            """{"context":{"System":{"application":{"applicationId":["amzn1.ask.skill.0001"]}}}}""",
            otherwise: false);
        static string Speech(string text) => Compact($$$"""
            {"version":"1.0","response":{"outputSpeech":{"type":"PlainText","text":"{{{text}}}"},"shouldEndSession":true}}
            """);
        var request = SampleEvents.Read("alexa");
        Assert.Equal(Speech("Done."), Answer(alexa, request));
        var other = request.Replace("skill.0001", "skill.0002", StringComparison.Ordinal);
        Assert.Equal(Speech("I cannot do that."), Answer(alexa, other));
        var end = request.Replace("IntentRequest", "SessionEndedRequest", StringComparison.Ordinal);
        Assert.Equal("""{"version":"1.0","response":{}}""", Answer(alexa, end));
    }

    [Theory]
    [InlineData("lex")]
    [InlineData("alexa")]
    [InlineData("cognito")]
    [InlineData("authorizer")]
    public async Task What_anybody_may_send_reaches_only_routes_that_name_it(string source)
    {
        await using var fixture = await RouterFixture.StartAsync(
            """
            {"allow":{"hosts":["localhost"]},"routes":[
              {"name":"w","when":{"$or":[{"version":[{"exists":true}]},{"messageVersion":["1.0"]},{"type":["REQUEST"]}]},
               "do":[{"check-website":{"url":"${env.SITE}up"}}]}]}
            """,
            s_world);
        _ = fixture.Handle(SampleEvents.Read(source));
        Assert.DoesNotContain(fixture.Logs, log => log.GetProperty("message").GetString() == "action");
    }

    [Theory]
    [InlineData("lex", """{"custom":1}""")]
    [InlineData("alexa", """{"custom":1}""")]
    [InlineData("authorizer-http", """{"isAuthorized":true,"context":{"plant":"north"}}""")]
    [InlineData("direct", """{"custom":1}""")]
    public async Task A_handlers_answer_is_the_whole_answer(string sample, string given)
    {
        const string When = """
            {"$or":[{"version":[{"exists":true}]},{"messageVersion":["1.0"]},{"site":[{"exists":true}]},
             {"tank":[{"exists":true}]},{"source":[{"exists":true}]}]}
            """;
        await using var fixture = await WithHandlerAsync(sample.Split('-')[0], When, _ => given);
        Assert.Equal(given, Answer(fixture, sample == "direct" ? """{"tank":"T-4"}""" : SampleEvents.Read(sample)));
    }

    [Fact]
    public async Task What_an_event_came_in_is_seen_by_values_from_the_inside_out()
    {
        var pump = new WorldInstance
        {
            Id = "i-0aaaaaaaaaaaaaaa1",
            Tags = new Dictionary<string, string> { ["Role"] = "pump" },
        };
        var aws = await AwsFixture.StartAsync(new WorldFile { Tables = ["once"], Instances = [pump] });
        const string Routes = """
            {"trust":["arn:*"],"routes":[{"name":"r","when":{"source":["water.plant"]},"do":[{"run-command":{
              "targets":{"tag:Role":["pump"]},
              "commands":["echo $TOPIC $QUEUE $NONE"],
              "environment":{
                "TOPIC":"${item.envelope.TopicArn ?? '-'}",
                "QUEUE":"${item.envelope.envelope.eventSourceARN ?? '-'}",
                "NONE":"${item.envelope.envelope.envelope.x ?? '-'}"},
              "wait":{"timeout":"10s"}}}]}]}
            """;
        await using var fixture = RouterFixture.Over(aws, Routes);
        Assert.Null(fixture.Handle(SampleEvents.Read("sqs/sns/eventbridge")).Error);
        Assert.Equal(
            "arn:aws:sns:us-east-1:123456789012:plant arn:aws:sqs:us-east-1:123456789012:plant-events -\n",
            aws.World.Commands.Values.Single().Invocations.Single().StandardOutput);
    }

    [Fact]
    public void Why_a_dead_letter_died_is_in_its_envelope()
    {
        var root = JsonDocument.Parse(SampleEvents.Read("sqs-dead-letter")).RootElement;
        var items = FastTrigger.Events.EventSources.Open(root, Items.Invocation("{}").RequestId, _ => true).Items;
        var attributes = items.Single().Envelope!.Json.GetProperty("messageAttributes");
        Assert.Equal(
            "a1b2c3d4-0000-4000-8000-000000000009",
            attributes.GetProperty("RequestID").GetProperty("stringValue").GetString());
    }

    /// <summary>The text of a JSON document without white space, as FastTrigger writes it.</summary>
    private static string Compact(string json) => JsonNode.Parse(json)!.ToJsonString();

    private static string Text(JsonNode? node, string name) => node![name]!.GetValue<string>();

    /// <summary>A sample with another token than the route expects.</summary>
    private static string Wrong(string sample) =>
        SampleEvents.Read(sample).Replace("\"example\"", "\"wrong\"", StringComparison.Ordinal);

    /// <summary>A sample of Lex before all slots are filled.</summary>
    private static string Dialog(string sample) =>
        SampleEvents.Read(sample).Replace("FulfillmentCodeHook", "DialogCodeHook", StringComparison.Ordinal);

    private static Gen<string[]> Kinds() => Gen.Elements("good", "bad").ArrayOf().Where(kinds => kinds.Length > 0);

    private static string Answer(RouterFixture fixture, string payload, int seconds = 30)
    {
        var (answer, error, _) = fixture.Handle(payload, seconds);
        Assert.True(error is null, error?.Message);
        return answer.GetRawText();
    }

    /// <summary>
    /// Good records and what fits the pattern check a page that is there, and with <paramref name="otherwise"/> anything else one that is
    /// not.
    /// </summary>
    private static Task<RouterFixture> StartAsync(
        string source,
        string when,
        bool otherwise = true,
        string page = "up") => RouterFixture.StartAsync(
        $$$"""
        {"allow":{"hosts":["localhost"]},"routes":[
          {"name":"good","from":["{{{source}}}"],"when":{"$or":[{"site":["good"]},{{{when}}}]},
           "do":[{"check-website":{"url":"${env.SITE}{{{page}}}"} }]},
          {"name":"bad","from":["{{{(otherwise ? source : "mq")}}}"],"when":{"$or":[{"site":["bad"]},{"data":["plain text"]}]},
           "do":[{"check-website":{"url":"${env.SITE}missing"} }]}]}
        """,
        s_world);

    private static async Task<RouterFixture> WithHandlerAsync(string source, string when, Func<Item, string> answer) => RouterFixture.Over(
        await AwsFixture.StartAsync(s_world),
        $$$"""{"routes":[{"name":"r","from":["{{{source}}}"],"when":{{{when}}},"do":[{"handler":{"name":"h"} }]}]}""",
        ("h", (item, _, _) => ValueTask.FromResult(ActionResult.Done("") with { Answer = answer(item) })));
}

/// <summary>What a handler's own code would read.</summary>
file static class ItemExtensions
{
    public static string? RecordId(this Item item) => item.Event.GetProperty("recordId").GetString();
}
