using static FastTrigger.Cli.Templates.CloudFormation;

namespace FastTrigger.Cli.Templates.Triggers;

/// <summary>
/// The mapping of a topic of Amazon MSK. Partial responses need the provisioned mode of the mapping
/// (docs.aws.amazon.com/lambda/latest/dg/kafka-retry-configurations.html). Without FunctionResponseTypes, Lambda would take them for
/// success.
/// </summary>
internal sealed class KafkaTrigger : ClusterTrigger
{
    public override void Add(string source, IReadOnlyList<TemplateRoute> routes, TemplateParts parts)
    {
        parts.AddParameter("KafkaClusterArn", "The MSK cluster whose records routes take");
        parts.AddParameter("KafkaTopic", "The topic of the cluster");
        parts.Resources["Kafka"] = Parse("""
            {
              "#": "The response names the first failed record of each partition. Only the paid provisioned mode accepts it.",
              "Type": "AWS::Lambda::EventSourceMapping",
              "Properties": {
                "EventSourceArn": {"Ref": "KafkaClusterArn"},
                "Topics": [{"Ref": "KafkaTopic"}],
                "FunctionName": {"Ref": "Function.Alias"},
                "StartingPosition": "TRIM_HORIZON",
                "BatchSize": 100,
                "FunctionResponseTypes": ["ReportBatchItemFailures"]
              }
            }
            """);
        parts.Resources["Kafka"]!["Properties"]!["ProvisionedPollerConfig"] = parts.AddPollers("Kafka", minimum: 1, maximum: 5);
        parts.AddStatement(
            "KafkaCluster",
            ["kafka:DescribeCluster", "kafka:DescribeClusterV2", "kafka:GetBootstrapBrokers"],
            "${KafkaClusterArn}",
            "the cluster that the function takes from");
        AddPollerNetwork(parts);
    }
}
