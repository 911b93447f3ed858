using FastTrigger.Cli.Templates.Triggers;
using FastTrigger.Events;

namespace FastTrigger.Tests.Templates;

/// <summary>Every source has a trigger, and the template has what the trigger claims.</summary>
public sealed class SourceTriggersTests
{
    public static TheoryData<string> Sources => [.. EventSources.Names];

    [Fact]
    public void Every_source_has_a_trigger_and_every_trigger_a_source() =>
        Assert.Equal(EventSources.Names.Order(StringComparer.Ordinal), SourceTriggers.All.Keys.Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Sources))]
    public void A_route_gets_what_the_trigger_of_its_source_claims(string source)
    {
        var template = new GeneratedTemplate(SourceRoutes.Of(source));
        Assert.Empty(template.Problems);
        var trigger = SourceTriggers.All[source];
        switch (trigger.Kind)
        {
            case TriggerKind.Rule:
                Assert.Single(template.ResourcesOf("AWS::Events::Rule"));
                break;
            case TriggerKind.Schedule:
                Assert.Single(template.EventsOf("ScheduleV2"));
                break;
            case TriggerKind.Mapping:
                // DocumentDB shares the API of RDS.
                var service = source == "documentdb" ? "rds" : source;
                var parameter = Assert.Single(template.MappedParameters);
                Assert.True(template.Parameters.ContainsKey(parameter), parameter);
                var actions = GeneratedTemplate.ActionsOn(template.Statements, $"${{{parameter}}}");
                Assert.NotEmpty(actions);
                Assert.All(actions, action => Assert.StartsWith(service + ":", action, StringComparison.Ordinal));
                break;
            case TriggerKind.Subscription:
                var type = source == "logs" ? "CloudWatchLogs" : source.ToUpperInvariant();
                Assert.Single(template.EventsOf(type));
                break;
            case TriggerKind.Endpoint:
                Assert.NotNull(template.Function["FunctionUrlConfig"]);
                break;
            case TriggerKind.Permission:
                var permission = Assert.Single(template.ResourcesOf("AWS::Lambda::Permission"))["Properties"]!;
                // Without one of these, a resource of any account could invoke the function.
                Assert.NotNull(permission["SourceAccount"] ?? permission["EventSourceToken"]);
                break;
            case TriggerKind.CallerRole:
                Assert.Empty(template.Events);
                Assert.Empty(template.ResourcesOf("AWS::Lambda::Permission"));
                break;
            default:
                Assert.Fail($"{trigger.Kind} has no check");
                break;
        }

        // What the template leaves to the user is said.
        if (trigger.Kind is TriggerKind.Permission or TriggerKind.CallerRole)
        {
            Assert.StartsWith(source + ": ", Assert.Single(template.Notes), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void One_template_serves_all_sources()
    {
        var template = new GeneratedTemplate([.. EventSources.Names.Select(SourceRoutes.Of), SourceRoutes.OfTokens()]);
        Assert.Empty(template.Problems);
        Assert.NotNull(template.Function["FunctionUrlConfig"]);
        Assert.Single(template.EventsOf("HttpApi"));
        TemplateReferences.AssertResolved(template);
        // IAM refuses a policy in which two statements have one Sid.
        var sids = template.Statements.Select(statement => statement["Sid"]!.ToString()).ToList();
        Assert.Equal(sids.Distinct(), sids);
    }

    [Fact]
    public void A_route_with_a_pattern_takes_the_events_of_schedules_that_the_user_creates()
    {
        var template = new GeneratedTemplate(SourceRoutes.OfOwnSchedules());
        Assert.Empty(template.Problems);
        Assert.Empty(template.Events);
        Assert.StartsWith("scheduler: ", Assert.Single(template.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void A_source_that_no_route_takes_adds_nothing()
    {
        var template = new GeneratedTemplate(SourceRoutes.Of("direct"));
        Assert.Empty(template.Events);
        Assert.Empty(template.MappedParameters);
        Assert.DoesNotContain(template.Statements, statement => statement["Sid"]!.ToString() == "PollerNetwork");
    }
}
