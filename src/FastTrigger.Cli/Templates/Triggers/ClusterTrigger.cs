namespace FastTrigger.Cli.Templates.Triggers;

/// <summary>The mapping of a cluster or broker in a VPC.</summary>
internal abstract class ClusterTrigger : SourceTrigger
{
    private const string NetworkSid = "PollerNetwork";

    public sealed override TriggerKind Kind => TriggerKind.Mapping;

    /// <summary>Adds the permissions of the mapping's pollers, which run in the network of the cluster.</summary>
    protected static void AddPollerNetwork(TemplateParts parts)
    {
        if (parts.Statements.All(statement => statement.Sid != NetworkSid))
        {
            parts.AddStatement(
                NetworkSid,
                [
                    "ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DeleteNetworkInterface",
                    "ec2:DescribeVpcs", "ec2:DescribeSubnets", "ec2:DescribeSecurityGroups",
                ],
                "*",
                "pollers in the network of the cluster or broker; Lambda requires *");
        }
    }

    /// <summary>Adds the parameter NAMEArn for a secret with a username and password, and NAMEKeyArn for its key.</summary>
    /// <param name="owner">The cluster or broker that the credentials are for.</param>
    protected static void AddCredentials(string name, string owner, TemplateParts parts)
    {
        parts.AddParameter(name + "Arn", $"The Secrets Manager secret with the {owner}'s username and password");
        parts.AddStatement(name, ["secretsmanager:GetSecretValue"], $"${{{name}Arn}}", $"the credentials of the {owner}");
        var condition = parts.AddOptionalParameter(name + "KeyArn", "The KMS key of this secret; empty for the AWS managed key");
        parts.AddStatementIf(condition, name + "Key", ["kms:Decrypt"], $"${{{name}KeyArn}}", $"the key of the credentials of the {owner}");
    }
}
