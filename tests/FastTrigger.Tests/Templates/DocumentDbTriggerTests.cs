namespace FastTrigger.Tests.Templates;

/// <summary>The mapping of a change stream of Amazon DocumentDB (docs.aws.amazon.com/lambda/latest/dg/with-documentdb.html).</summary>
public sealed class DocumentDbTriggerTests
{
    private const string Rds = "arn:${AWS::Partition}:rds:${AWS::Region}:${AWS::AccountId}";

    private readonly GeneratedTemplate _template = new(SourceRoutes.Of("documentdb"));

    [Fact]
    public void The_mapping_reads_the_whole_stream_of_the_collection_that_parameters_name()
    {
        var mapping = Assert.Single(_template.ResourcesOf("AWS::Lambda::EventSourceMapping"))["Properties"]!;
        Assert.Equal("TRIM_HORIZON", mapping["StartingPosition"]!.ToString());
        var stream = mapping["DocumentDBEventSourceConfig"]!;
        Assert.Equal(
            ("DocumentDbDatabase", "DocumentDbCollection", "DocumentDbFullDocument"),
            (Ref("DatabaseName"), Ref("CollectionName"), Ref("FullDocument")));
        var access = Assert.Single(mapping["SourceAccessConfigurations"]!.AsArray())!;
        Assert.Equal(("BASIC_AUTH", "DocumentDbCredentialsArn"), (access["Type"]!.ToString(), access["URI"]!["Ref"]!.ToString()));
        // Lambda refuses it for DocumentDB.
        Assert.Null(mapping["FunctionResponseTypes"]);

        string Ref(string name) => stream[name]!["Ref"]!.ToString();
    }

    [Theory]
    [InlineData("${DocumentDbClusterArn}", "rds:DescribeDBClusters")]
    [InlineData($"{Rds}:cluster-pg:*", "rds:DescribeDBClusterParameters")]
    [InlineData($"{Rds}:subgrp:*", "rds:DescribeDBSubnetGroups")]
    [InlineData("${DocumentDbCredentialsArn}", "secretsmanager:GetSecretValue")]
    public void The_role_may_read_the_cluster_and_its_secret(string resource, string action) =>
        Assert.Equal([action], GeneratedTemplate.ActionsOn(_template.Statements, resource));

    [Fact]
    public void The_pollers_may_use_the_network_of_the_cluster() => Assert.Contains(
        _template.Statements,
        statement => statement["Action"]!.AsArray().Any(action => action!.ToString() == "ec2:DescribeSecurityGroups"));

    [Theory]
    [InlineData("documentdb", "DocumentDbCredentialsKeyArn")]
    [InlineData("mq", "BrokerCredentialsKeyArn")]
    public void The_key_of_the_secret_is_used_only_when_it_is_given(string source, string parameter)
    {
        var template = new GeneratedTemplate(SourceRoutes.Of(source));
        Assert.Equal("", template.Parameters[parameter]!["Default"]!.ToString());
        Assert.True(template.Conditions.ContainsKey("Has" + parameter));
        var resource = $"${{{parameter}}}";
        Assert.Equal(["kms:Decrypt"], GeneratedTemplate.ActionsOn(template.StatementsIf("Has" + parameter), resource));
        Assert.Empty(GeneratedTemplate.ActionsOn(template.Statements, resource));
    }

    [Fact]
    public void A_change_that_stops_the_stream_sets_off_an_alarm()
    {
        Assert.True(_template.Resources.ContainsKey("IteratorAgeAlarm"));
        Assert.Contains(_template.Notes, note => note.StartsWith("documentdb: enable the change stream", StringComparison.Ordinal));
    }
}
