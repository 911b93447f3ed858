using FastTrigger.Cli.Routes;
using FastTrigger.Json;

namespace FastTrigger.Tests.Routing;

/// <summary>
/// What people write in a routes file: `check` names the place, which the sign ^ marks here, and what would be right.
/// </summary>
public sealed class MistakesTests
{
    private const string Action = """{"run-command": {"commands": ["true"], "targets": {"tag:Role": ["pump"]}}}""";

    /// <summary>Mistakes of the file as a whole, most of them in the JSON itself.</summary>
    public static TheoryData<string, string> Files => new()
    {
        { """{"routes": [{"name": "a"^ "when": {}}]}""", "a comma is missing here" },
        { "{\"routes\": [\n  {\"name\": \"a\"}^\n  {\"name\": \"b\"}\n]}", "a comma is missing here" },
        { """{"routes": [{"name": "a"^,}]}""", "a trailing comma" },
        { """{"routes": [{"name": "a"}^,]}""", "a trailing comma" },
        { """{"routes": [{"name": "a",^, "dryRun": true}]}""", "this comma has no value before it" },
        { """{"routes": ^[{"name": "a"}""", "this [ is not closed: a ] is missing" },
        { """{"routes": [{"name": "a"^]}""", "] cannot close the { of line 1: a } is missing before it" },
        { """{"routes": []}^}""", "nothing is open here that } could close" },
        { """{"routes": []} ^{"routes": []}""", "the file goes on after its end" },
        { """^# a comment""", "a comment is written // or /* */, not #" },
        { """{"routes": [] ^/* never closed""", "this comment is not closed" },
        { """{^routes: []}""", "a key is written in double quotes: \"routes\"" },
        { """{^'routes': []}""", "a string is written in \" quotes, not '" },
        { """{"routes": [{"name": ^“a”}]}""", "a string is written in \" quotes, not “" },
        { """{"routes"^= []}""", "a key and its value have a : between them, not =" },
        { """{"routes"^ []}""", "a : is missing here" },
        { """{"routes": [{"name"^}]}""", "this key has no value" },
        { """{"routes": [{"name": ^}]}""", "the value is missing after the :" },
        { """{"routes": [{"name": "a"^; "dryRun": true}]}""", "values have a comma between them, not ;" },
        { """{"routes": [{"name": "a", "dryRun": ^True}]}""", "JSON writes true, not True" },
        { """{"routes": [{"name": "a", "retryFor": ^None}]}""", "JSON has no None; it writes null" },
        { """{"routes": [{"name": ^alpha}]}""", "a text is written in double quotes: \"alpha\"" },
        { """{"routes": [{"level": ^.5}]}""", ".5 is no number of JSON" },
        { """{"routes": [{"name": ^"a}]}""", "this string is not closed on its line" },
        { """{"routes": [{"name": "C:^\data"}]}""", "\\d is no escape of JSON: a backslash inside a string is written \\\\" },
        { "{\"routes\": [{\"name\": \"a^\tb\"}]}", "a tab inside a string is written \\t" },
        { """{"routes": [{"name": "say "^hello""}]}""", "a quote inside a string is written \\\"" },
        { """{"routes": ["name"^: "a"]}""", "a list has no keys" },
        { """{"routes": [{^{"name": "a"}}]}""", "a key is missing here" },
        { "^", "the file is empty" },
        { """{"routes": [^{"name": "a", "do": [{"tag": {}}]}]}""", "a route needs 'when' (an event pattern) or 'schedule'" },
        { """{"routes": [^{"name": "a", "when": {"id": ["x"]}, "schedule": "rate(1 hour)"}]}""", "'when' or 'schedule', not both" },
        { """{"routes": ^{"name": "a"}}""", "'routes' takes a list of 1 to 10000 routes, not an object" },
        { """^{"route": []}""", "routes.json needs 'routes'" },
        { """{^"route": []}""", "did you mean 'routes'?" },
        { """^[]""", "routes.json takes an object, not an array" },
    };

    /// <summary>Mistakes in a route. Where it has no `do`, one is added.</summary>
    public static TheoryData<string, string> Routes => new()
    {
        { """ ^"nme": "a", "when": {"source": ["x"]} """, "'nme' is not a key of a route in this version; did you mean 'name'?" },
        { """ ^"Name": "a", "when": {"source": ["x"]} """, "'Name' is not a key of a route in this version; did you mean 'name'?" },
        {
            """ "name": "a", "when": {"source": ["x"]}, ^"dry_run": true """,
            "'dry_run' is not a key of a route in this version; did you mean 'dryRun'?"
        },
        { """ "name": "a", "when": {"source": ["x"]}, ^"name": "b" """, "'name' is given twice" },
        {
            """ "name": ^"open valve", "when": {"source": ["x"]} """,
            "'name' takes 1 to 64 letters, digits, hyphens, dots and underscores, not \"open valve\""
        },
        {
            """ "name": "a", "when": {"source": ^"x"} """,
            "'source' in a pattern takes an array of values or an object, not a string; write [\"x\"]"
        },
        {
            """ "name": "a", "when": {"detail": {"level": ^8}} """,
            "'level' in a pattern takes an array of values or an object, not a number; write [8]"
        },
        { """ "name": "a", "when": {"source": ^[]} """, "an empty array in a pattern matches nothing; list a value" },
        {
            """ "name": "a", "when": {"source": [{^"prefx": "x"}]} """,
            "'prefx' is not an operator that this version supports; did you mean 'prefix'?"
        },
        {
            """ "name": "a", "when": {"source": [{^"anythingBut": "x"}]} """,
            "'anythingBut' is not an operator that this version supports; did you mean 'anything-but'?"
        },
        {
            """ "name": "a", "when": {"level": [{"numeric": [^"=>", 8]}]} """,
            "numeric takes [\">\", 0] or [\">\", 0, \"<=\", 100], with =, <, <=, > and >="
        },
        { """ "name": "a", "when": {"level": [{"exists": ^"true"}]} """, "exists takes true or false, not a string" },
        {
            """ "name": "a", "when": {"ip": [{"cidr": ^"10.0.0.0/40"}]} """,
            "'10.0.0.0/40' is not a network; write it as 10.0.0.0/24 or 2001:db8::/32"
        },
        { """ "name": "a", "when": ^[{"source": ["x"]}] """, "an event pattern is an object, not an array" },
        { """ "name": "a", "from": ^"sqs", "when": {"source": ["x"]} """, "'from' takes a list of strings" },
        {
            """ "name": "a", "from": [^"evenbridge"], "when": {"source": ["x"]} """,
            "'evenbridge' is no source that this version knows; did you mean 'eventbridge'?"
        },
        { """ "name": "a", "when": {"source": ["x"]}, "do": ^{"tag": {}} """, "'do' takes a list of at least one action, not an object" },
        {
            """ "name": "a", "when": {"source": ["x"]}, "do": [^"tag"] """,
            "an entry of 'do' is an object with one key, the action: tag, run-command, run-automation, start-instances,"
        },
        { """ "name": "a", "when": {"source": ["x"]}, "dryRun": ^"yes" """, "'dryRun' takes true or false, not \"yes\"" },
        {
            """ "name": "a", "when": {"source": ["x"]}, "retryFor": ^"15 minutes" """,
            "'retryFor' takes a duration such as \"500ms\", \"10s\" or \"2m\", not \"15 minutes\""
        },
        { """ "name": "a", "schedule": ^"every 5 minutes" """, "a schedule is rate(5 minutes) or cron(0 6 * * ? *)" },
        { """ "name": "a", "schedule": ^"rate(0 minutes)" """, "rate() takes a number and minutes, hours or days: rate(5 minutes)" },
        {
            """ "name": "a", "schedule": ^"cron(0 6 * * *)" """,
            "cron() takes six fields - minutes, hours, day of month, month, day of week, year - with ? for"
        },
        {
            """ "name": "a", "schedule": ^"cron(0 25 * * ? *)" """,
            "'25' is no hours of cron(); it takes 0 to 23, *, lists as 1,5, ranges as 1-5, steps as 0/15"
        },
        {
            """ "name": "a", "schedule": ^"cron(0 6 ? * 0 *)" """,
            "'0' is no day of week of cron(); it takes 1 to 7 or SUN to SAT, *, lists as MON,FRI, ranges as"
        },
        {
            """ "name": "a", "schedule": ^"cron(0/90 6 * * ? *)" """,
            "'0/90' is no minutes of cron(); it takes 0 to 59, *, lists as 1,5, ranges as 1-5, steps as 0/15"
        },
        {
            """ "name": "a", "schedule": ^"cron(0 6 ? JUNE MON *)" """,
            "'JUNE' is no month of cron(); it takes 1 to 12 or JAN to DEC, *, lists as FEB,JUN, ranges as"
        },
        {
            """ "name": "a", "schedule": "rate(1 hour)", "timezone": ^"Europe/Berln" """,
            "'Europe/Berln' is no time zone of the IANA database; did you mean 'Europe/Berlin'?"
        },
        {
            """ "name": "a", "schedule": "rate(1 hour)", "timezone": ^"CEST" """,
            "'CEST' is no time zone of the IANA database; did you mean 'CET'?"
        },
        { """ "name": "a", "when": {"source": ["x"]}, "timezone": ^"UTC" """, "'timezone' stands beside 'schedule'" },
        {
            """ "name": "a", "when": {"detail": {"eventName": ["StopInstances"]}}, "do": [{^"tag": {"tags": {"Owner": "${owner}"}}}] """,
            "it tags what an API call of EC2 created, and StopInstances creates nothing that can be tagged"
        },
        {
            """ "name": "a", "schedule": "rate(1 hour)", "do": [{^"tag": {"tags": {"Owner": "x"}}}] """,
            "it tags what an API call of EC2 created, and a schedule reports none"
        },
        {
            """ "name": "a", "from": ["s3"], "when": {"x": ["y"]}, "do": [{^"tag": {"tags": {"Owner": "x"}}}] """,
            "events from s3 report none"
        },
        {
            """ "name": "a", "when": {"source": ["aws.rds"]}, "do": [{^"tag": {"tags": {"Owner": "x"}}}] """,
            "the pattern's source is never aws.ec2"
        },
        {
            """ "name": "a", "when": {"detail-type": ["Scheduled Event"]}, "do": [{^"tag": {"tags": {"A": "x"}}}] """,
            "the pattern's detail-type is never AWS API Call via CloudTrail"
        },
        {
            """ "name": "a", "when": {"source": ["x"]}, "do": [^{"tag": {"tags": {"Owner": "x"}}, "call": {}}] """,
            "an entry of 'do' is an object with one key, the action"
        },
    };

    /// <summary>Mistakes in an action of a route.</summary>
    public static TheoryData<string, string> Actions => new()
    {
        { """ ^"runCommand": {} """, "'runCommand' is no action that this version carries out; did you mean 'run-command'?" },
        { """ ^"command": {} """, "'command' is no action that this version carries out; did you mean 'run-command'?" },
        { """ ^"ssm": {} """, "'ssm' is no action that this version carries out; it has tag, run-command, run-automation," },
        { """ "run-command": {"commands": ^"true", "targets": {"tag:Role": ["pump"]}} """, "'commands' takes a list of strings" },
        { """ "run-command": {"commands": ["true"], "targets": {"tag:Role": ^"pump"}} """, "'tag:Role' takes a list of strings" },
        {
            """ "run-command": {"commands": ["true"], "targets": {^"tags:Role": ["pump"]}} """,
            "'tags:Role' is no target that this version carries out; it has instanceIds, tag:KEY,"
        },
        {
            """ "run-command": {"commands": ["true"], ^"target": {"tag:Role": ["pump"]}} """,
            "'target' is not a key of run-command in this version; did you mean 'targets'?"
        },
        {
            """ "run-command": ^{"commands": ["true"]} """,
            "run-command needs 'targets': {\"instanceIds\": [\"${event.detail.instance-id}\"]}, {\"tag:Role\":"
        },
        {
            """ "run-command": {"commands": ["true"], "wait": ^"10 s", "targets": {"tag:Role": ["pump"]}} """,
            "wait takes an object, not a string"
        },
        {
            """ "run-command": {"commands": ["true"], "executionTimeoutSeconds": ^"60", "targets": {"tag:Role": ["pump"]}} """,
            "'executionTimeoutSeconds' takes a whole number from 1 to 172800, not \"60\""
        },
        {
            """ "run-command": {"commands": ["true"], "targets": {"instanceIds": [^"${detail.id}"]}} """,
            "${detail.id} is not known; did you mean ${event.detail.id}?"
        },
        {
            """ "run-command": {"commands": ["true"], "targets": {"instanceIds": [^"${evnt.detail.id}"]}} """,
            "${evnt.detail.id} is not known; did you mean ${event.detail.id}?"
        },
        {
            """ "run-command": {"commands": ["true"], "targets": {"instanceIds": [^"${event.detail.id"]}} """,
            "'${event.detail.id' has a ${ without a closing }"
        },
        {
            """ ^"run-command": {"commands": ["true"], "targets": {"instanceIds": ["${event.detail.id}"]}} """,
            "its servers are named by the event or by a group, so they could be any; allow.instanceTags must"
        },
        {
            """ ^"run-command": {"commands": ["true"], "targets": {"resource-groups:Name": ["pumps"]}} """,
            "its servers are named by the event or by a group, so they could be any; allow.instanceTags must"
        },
        {
            """ "run-command": {"document": ^"AWS-RunShellScript", "commands": ["true"], "targets": {"tag:Role": ["pump"]}} """,
            "'commands' and 'shell' take the place of AWS-RunShellScript, with a guard around them and event"
        },
        { """ "tag": {"tags": {"Owner": ^"${ower}"}} """, "${ower} is not known; did you mean ${owner}?" },
        { """ "tag": {"tags": {^"aws:Owner": "${owner}"}} """, "tag keys beginning with aws: belong to AWS" },
        { """ "tag": {"tags": ^["Owner"]} """, "'tags' takes an object of 1 to 50 keys and values, not an array" },
        { """ "tag": {"tags": {"Owner": ^5}} """, "'Owner' takes a string, not 5" },
        {
            """ "tag": {"tags": {"Owner": ^"${event.items[x]}"}} """,
            "${event.items[x]}: a path is written with .name, ['any key'], [0] or [*]"
        },
        {
            """ "tag": {"tags": {"Owner": ^"${owner ?? nobody}"}} """,
            "the default in ${owner ?? nobody} is written in single quotes: ${owner ?? 'text'}"
        },
        { """ "call": {"url": ^"ftp://example.com/"} """, "a URL begins with tcp:// or tls://; https://host/path is the other form" },
        { """ "call": {"url": ^"https://${event.detail.host}/"} """, "${event.detail.host}: text from an event may not go here" },
        { """ "call": ^{} """, "call needs 'url': \"https://host/path\", \"tls://host:port\" or \"tcp://host:port\"" },
        {
            """ "check-website": {"url": "https://example.com/", "status": ^"200"} """,
            "'status' takes an HTTP status from 100 to 599, or a list of them, not \"200\""
        },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void What_is_wrong_with_the_file_is_said_where_it_must_be_mended(string marked, string expected) => Expect(marked, expected);

    [Theory]
    [MemberData(nameof(Routes))]
    public void A_mistake_in_a_route_names_its_place_and_what_would_be_right(string marked, string expected)
    {
        var action = marked.Contains("\"do\"", StringComparison.Ordinal) ? "" : $", \"do\": [{Action}]";
        Expect($$"""{"routes": [{{{marked.Trim()}}{{action}}}]}""", expected);
    }

    [Theory]
    [MemberData(nameof(Actions))]
    public void A_mistake_in_an_action_names_its_place_and_what_would_be_right(string marked, string expected) =>
        Expect($$"""{"routes": [{"name": "a", "when": {"source": ["x"]}, "do": [{{{marked.Trim()}}}]}]}""", expected);

    [Fact]
    public void A_file_without_a_mistake_has_none()
    {
        var problems = new JsonProblems("routes.json", Valid);
        Assert.NotNull(RoutesDocument.Read(Valid, problems));
        Assert.Empty(problems.Found);
    }

    private static byte[] Valid => Encoding.UTF8.GetBytes(
        $$"""{"routes": [{"name": "a", "when": {"source": ["x"]}, "do": [{{Action}}]}]}""");

    /// <summary>Expects a mistake at the sign ^.</summary>
    internal static void Expect(string marked, string expected)
    {
        var at = marked.IndexOf('^');
        var text = marked.Remove(at, 1);
        var bytes = Encoding.UTF8.GetBytes(text);
        var problems = new JsonProblems("routes.json", bytes);
        Assert.Null(RoutesDocument.Read(bytes, problems));
        var line = text[..at].Count(letter => letter == '\n') + 1;
        var column = at - text.LastIndexOf('\n', Math.Max(0, at - 1));
        var there = problems.Found.Where(found => (found.Line, found.Column) == (line, at == 0 ? 1 : column));
        Assert.Contains(expected, string.Join('\n', there.Select(found => found.Message)), StringComparison.Ordinal);
    }
}
