using static FastTrigger.Cli.Templates.CloudFormation;

namespace FastTrigger.Cli.Templates.Triggers;

/// <summary>The mapping of a queue of an Amazon MQ broker.</summary>
internal sealed class MqTrigger : ClusterTrigger
{
    public override void Add(string source, IReadOnlyList<TemplateRoute> routes, TemplateParts parts)
    {
        parts.AddParameter("BrokerArn", "The Amazon MQ broker whose messages routes take");
        parts.AddParameter("BrokerQueue", "The queue of the broker");
        parts.Events["Broker"] = Parse("""
            {
              "#": "A batch with a failed message is retried as a whole.",
              "Type": "MQ",
              "Properties": {
                "Broker": {"Ref": "BrokerArn"},
                "Queues": [{"Ref": "BrokerQueue"}],
                "SourceAccessConfigurations": [{"Type": "BASIC_AUTH", "URI": {"Ref": "BrokerCredentialsArn"}}],
                "BatchSize": 10
              }
            }
            """);
        parts.AddStatement("Broker", ["mq:DescribeBroker"], "${BrokerArn}", "the broker that the function takes from");
        AddCredentials("BrokerCredentials", "broker", parts);
        AddPollerNetwork(parts);
    }
}
