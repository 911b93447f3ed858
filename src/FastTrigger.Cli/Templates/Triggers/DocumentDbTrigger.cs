using static FastTrigger.Cli.Templates.CloudFormation;

namespace FastTrigger.Cli.Templates.Triggers;

/// <summary>
/// The mapping of a change stream of Amazon DocumentDB (docs.aws.amazon.com/lambda/latest/dg/with-documentdb.html). Lambda has neither
/// partial responses nor an on-failure destination for it: a failed batch stops the stream until it succeeds or expires. The alarm on the
/// iterator age reports this.
/// </summary>
internal sealed class DocumentDbTrigger : ClusterTrigger
{
    private const string Rds = "arn:${AWS::Partition}:rds:${AWS::Region}:${AWS::AccountId}";

    public override void Add(string source, IReadOnlyList<TemplateRoute> routes, TemplateParts parts)
    {
        AddParameters(parts);
        AddCredentials("DocumentDbCredentials", "DocumentDB cluster", parts);
        AddMapping(parts);
        AddStatements(parts);
        AddPollerNetwork(parts);
        parts.HasIteratorAge = true;
        parts.AddNote($"{source}: enable the change stream of the collection with the command modifyChangeStreams of DocumentDB");
    }

    private static void AddParameters(TemplateParts parts)
    {
        parts.AddParameter("DocumentDbClusterArn", "The Amazon DocumentDB cluster whose changes routes take");
        parts.AddParameter("DocumentDbDatabase", "The database of the cluster");
        parts.AddParameter("DocumentDbCollection", "The collection of the database");
        // With UpdateLookup, a pattern on event.fullDocument matches an update, too.
        parts.Parameters["DocumentDbFullDocument"] = Parse("""
            {
              "Type": "String",
              "Default": "UpdateLookup",
              "AllowedValues": ["UpdateLookup", "Default"],
              "Description": "UpdateLookup adds the whole document to an update; Default sends only the changes"
            }
            """);
    }

    private static void AddMapping(TemplateParts parts) => parts.Resources["DocumentDb"] = Parse("""
        {
          "#": "A batch with a failed change is retried as a whole, and later changes wait for it.",
          "Type": "AWS::Lambda::EventSourceMapping",
          "Properties": {
            "EventSourceArn": {"Ref": "DocumentDbClusterArn"},
            "FunctionName": {"Ref": "Function.Alias"},
            "StartingPosition": "TRIM_HORIZON",
            "BatchSize": 10,
            "DocumentDBEventSourceConfig": {
              "DatabaseName": {"Ref": "DocumentDbDatabase"},
              "CollectionName": {"Ref": "DocumentDbCollection"},
              "FullDocument": {"Ref": "DocumentDbFullDocument"}
            },
            "SourceAccessConfigurations": [{"Type": "BASIC_AUTH", "URI": {"Ref": "DocumentDbCredentialsArn"}}]
          }
        }
        """);

    /// <summary>Adds the permissions to find the cluster's endpoint, TLS parameter and network. DocumentDB shares the API of RDS.</summary>
    private static void AddStatements(TemplateParts parts)
    {
        parts.AddStatement(
            "DocumentDbCluster",
            ["rds:DescribeDBClusters"],
            "${DocumentDbClusterArn}",
            "the cluster that the function takes from");
        parts.AddStatement(
            "DocumentDbParameters",
            ["rds:DescribeDBClusterParameters"],
            $"{Rds}:cluster-pg:*",
            "the parameters of the cluster");
        parts.AddStatement("DocumentDbSubnets", ["rds:DescribeDBSubnetGroups"], $"{Rds}:subgrp:*", "the subnets of the cluster");
    }
}
