using FastTrigger.Actions;
using FastTrigger.Actions.Handlers;
using FastTrigger.Actions.RunCommand;
using FastTrigger.Core;
using FastTrigger.Events;
using FastTrigger.Json;
using FastTrigger.Patterns;
using FastTrigger.Routing.Auth;
using FastTrigger.Values;

namespace FastTrigger.Routing;

/// <summary>
/// Reads routes.json as a whole (C1). Either all of it is carried out, or every mistake is reported with its line and column.
/// </summary>
internal static class RoutesFile
{
    private const int MaxRoutes = 10_000, MaxNameLength = 64, MaxBusLength = 256, MaxRetryMs = 12 * 3_600_000;

    /// <summary>Null when there are problems. Handlers are null when the file is only checked.</summary>
    public static RouteTable? Load(string path, IReadOnlyDictionary<string, RegisteredHandler>? handlers, out string problems)
    {
        var unreadable = "";
        if ((Libc.ReadRegularFile(path, Array.MaxLength) ?? Libc.ReadFile(path, out unreadable)) is not { } text)
        {
            problems = $"{path}: the routes file cannot be read ({unreadable}); "
                + "FASTTRIGGER_ROUTES names it, else it is routes.json beside the bootstrap";
            return null;
        }

        var found = new JsonProblems(path, text);
        var table = Read(text, handlers, found);
        problems = found.ToString();
        return table;
    }

    /// <summary>The routes of a file's text; null with at least one entry in <paramref name="problems"/>.</summary>
    public static RouteTable? Read(
        ReadOnlyMemory<byte> text,
        IReadOnlyDictionary<string, RegisteredHandler>? handlers,
        JsonProblems problems) => Read(JsonNodeReader.Read(text, problems), text, handlers, problems);

    /// <summary>The same for a file that has been read as JSON.</summary>
    /// <param name="root">Null when it is no JSON, which is among the problems.</param>
    public static RouteTable? Read(
        JsonNode? root,
        ReadOnlyMemory<byte> text,
        IReadOnlyDictionary<string, RegisteredHandler>? handlers,
        JsonProblems problems)
    {
        var table = root is { } node && SettingReader.Open(node, "routes.json", problems) is { } file ? ReadTable(file, handlers) : null;
        return problems.Any ? null : table! with { ReadsParameters = text.Span.IndexOf("${ssm:"u8) >= 0 };
    }

    private static RouteTable ReadTable(SettingReader file, IReadOnlyDictionary<string, RegisteredHandler>? handlers)
    {
        _ = file.String("$schema");
        var allow = file.Take("allow") is { } node ? ReadAllow(node, file.Problems) : Allow.Default;
        var isError = false;
        if (file.Take("unmatched") is { } unmatched)
        {
            isError = unmatched.Text == "error";
            file.Expect(unmatched, isError || unmatched.Text == "success", "unmatched", "\"success\" or \"error\"");
        }

        var trust = file.Take("trust") is { } arns ? file.Strings(arns, "trust", mayBeEmpty: true) : [];
        foreach (var arn in trust)
        {
            var isArn = arn.Text.StartsWith("arn:", StringComparison.Ordinal);
            file.Expect(arn, isArn, "trust", "ARNs of queues, in which * stands for anything");
        }

        List<Route> routes = [];
        if (file.Require("routes", "a list of routes") is { } list
            && file.Expect(list, list.IsArray && list.Items.Length is > 0 and <= MaxRoutes, "routes", "a list of 1 to 10000 routes"))
        {
            routes = new(list.Items.Length);
            var names = new HashSet<string>(list.Items.Length);
            var patterns = new PatternReader(file.Problems);
            var scope = new ActionScope(allow, handlers);
            foreach (var item in list.Items)
            {
                if (SettingReader.Open(item, "a route", file.Problems) is { } route)
                {
                    routes.Add(ReadRoute(route, names, patterns, scope));
                    route.End();
                }
            }
        }

        file.End();
        return new(routes, allow, isError) { Trust = trust.ConvertEach(static arn => arn.Text) };
    }

    private static Allow ReadAllow(JsonNode node, JsonProblems problems)
    {
        if (SettingReader.Open(node, "allow", problems) is not { } settings)
        {
            return Allow.Default;
        }

        var allow = new Allow
        {
            Regions = List("regions", "names of regions, such as \"eu-central-1\"", AwsReach.IsRegion),
            Accounts = List("accounts", "accounts of 12 digits", static text =>
                text.Length == 12 && !text.AsSpan().ContainsAnyExceptInRange('0', '9')),
            Documents = List("documents", DocumentSetting.Form, DocumentSetting.IsDocument),
            Hosts = List("hosts").ConvertAll(static host => host.ToLowerInvariant()),
            Roles = List("roles", "ARNs of roles, arn:aws:iam::ACCOUNT:role/NAME", RoleSetting.IsArn),
            Tags = List("tags"),
            Terminate = settings.Boolean("terminate", otherwise: false),
            InstanceTags = settings.Take("instanceTags") is { } tags ? ReadTags(settings, tags) : [],
        };
        settings.End();
        return allow;

        List<string> List(string name, string form = "", Func<string, bool>? isRight = null)
        {
            var list = settings.Take(name) is { } given ? settings.Strings(given, name, mayBeEmpty: true) : [];
            foreach (var item in list)
            {
                // A * stands for anything, so only a whole text has the whole form.
                settings.Expect(item, isRight is null || item.Text.Contains('*') || isRight(item.Text), name, form);
            }

            return list.ConvertEach(static item => item.Text);
        }
    }

    private static (string Key, IReadOnlyList<string> Values)[] ReadTags(SettingReader allow, JsonNode node) =>
        allow.Expect(node, node.IsObject, "instanceTags", "an object of keys and lists of values")
            ? Array.ConvertAll(node.Members.ToArray(), member =>
            {
                IReadOnlyList<string> values = allow.Strings(member.Value, member.Name).ConvertEach(static value => value.Text);
                return (member.Name, values);
            })
            : [];

    private static Route ReadRoute(SettingReader route, HashSet<string> before, PatternReader patterns, ActionScope scope)
    {
        var problems = route.Problems;
        var name = ReadName(route);
        if (name.Length > 0 && !before.Add(name))
        {
            problems.Add(route.Node.Find("name")!.Value, $"two routes are named '{name}'");
        }

        var (when, schedule) = ReadTrigger(route, patterns);
        IReadOnlyList<string> from = route.Take("from") is { } chains ? ReadFrom(route, chains) : [];
        var dryRun = route.Boolean("dryRun", otherwise: false);
        var retryFor = route.Duration("retryFor", MaxRetryMs);
        var auth = RouteAuth.Of(route);
        var lifecycle = route.Object("lifecycle", LifecycleSetting.Read);
        var compliance = route.Matching("compliance", "COMPLIANT, NON_COMPLIANT or NOT_APPLICABLE", Compliance.Is);
        RouteSources.Check(route, from);
        List<RouteAction> actions = [];
        if (route.Require("do", "a list of actions") is { } list
            && route.Expect(list, list.IsArray && list.Items.Length > 0, "do", "a list of at least one action"))
        {
            actions = new(list.Items.Length);
            foreach (var item in list.Items)
            {
                if (ActionKinds.Read(item, scope, problems) is { } action)
                {
                    actions.Add(action);
                }
            }
        }

        return new(name, when, schedule, from, actions)
        {
            DryRun = dryRun,
            RetryForMs = retryFor,
            Auth = auth,
            Lifecycle = lifecycle,
            Compliance = compliance,
        };
    }

    private static string ReadName(SettingReader route)
    {
        const string Form = "1 to 64 letters, digits, hyphens, dots and underscores";
        return route.Require("name", "a name of its own") is { } node
            && route.Expect(node, node.IsString, "name", "a string")
            && node.Text is var name
            && route.Expect(node, IsName(name), "name", Form)
            ? name
            : "";
    }

    private static (ObjectNode? When, string? Schedule) ReadTrigger(SettingReader route, PatternReader patterns)
    {
        var when = route.Take("when");
        var schedule = route.Take("schedule");
        var timezone = route.Take("timezone");
        if ((when is null) == (schedule is null))
        {
            route.Problems.Add(
                route.Node,
                when is null
                    ? "a route needs 'when' (an event pattern) or 'schedule'"
                    : "a route has 'when' or 'schedule', not both");
        }

        if (timezone is { } alone && schedule is null)
        {
            route.Problems.Add(alone, "'timezone' stands beside 'schedule'");
        }
        else if (timezone is { } zone)
        {
            route.Expect(zone, zone.IsString && zone.Text.Length > 0, "timezone", "a name such as \"Europe/Berlin\"");
        }

        if (route.Take("bus") is { } bus)
        {
            var isName = bus.IsString && bus.Text.Length is > 0 and <= MaxBusLength && SettingReader.IsMadeOf(bus.Text, "-_./");
            route.Expect(bus, isName && when is not null, "bus", "the name of an event bus, beside 'when'");
        }

        if (schedule is { } expression
            && route.Expect(expression, expression.IsString, "schedule", "a string")
            && ScheduleExpression.Refuse(expression.Text) is { } problem)
        {
            route.Problems.Add(expression, problem);
        }

        return (when is { } pattern ? patterns.Read(pattern) : null, schedule?.Text);
    }

    private static List<string> ReadFrom(SettingReader route, JsonNode node)
    {
        var chains = new List<string>();
        foreach (var name in route.Strings(node, "from"))
        {
            var found = EventSources.Chains(name.Text);
            if (found.Count == 0)
            {
                var hint = NearName.Hint(name.Text, EventSources.Names, $"it has {string.Join(", ", EventSources.Names)}");
                route.Problems.Add(name, $"'{name.Text}' is no source that this version knows; {hint}");
            }

            chains.AddRange(found);
        }

        return chains;
    }

    private static bool IsName(string text) => text.Length is > 0 and <= MaxNameLength && SettingReader.IsMadeOf(text, "-_.");
}
