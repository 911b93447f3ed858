namespace FastTrigger.Cli.Storm;

/// <summary>
/// The buckets that AWS documents for EC2, for each operation in an account and region. Reads have those of "non-mutating actions".
/// CreateTags is in the list of actions that belong to no category. Service Quotas shows an account's own. Systems Manager documents none.
/// </summary>
internal static class DocumentedQuotas
{
    public const string Page = "docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html";

    /// <param name="operation">A service and its operation, such as ec2:CreateTags.</param>
    /// <returns>Null when AWS documents none.</returns>
    public static ScenarioQuota? Find(string operation) => operation switch
    {
        "ec2:CreateTags" => new() { Operation = operation, Bucket = 100, RefillPerSecond = 10, Source = Page },
        _ when operation.StartsWith("ec2:Describe", StringComparison.Ordinal) =>
            new() { Operation = operation, Bucket = 100, RefillPerSecond = 20, Source = Page },
        _ => null,
    };
}
