namespace FastTrigger.Cli.Policy;

/// <summary>Where the function is: what ARNs are made of. A * stands for what is not said.</summary>
internal sealed record PolicyScope(string Partition, string Region, string Account, string Function, string Table)
{
    /// <summary>The key that the environment is encrypted with; null for AWS's own.</summary>
    public string? Key { get; init; }

    /// <summary>arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE, in each region that may be reached.</summary>
    public IEnumerable<string> Arns(string service, IReadOnlyList<string> regions, string resource) =>
        Within(regions).Select(region => Arn(service, region, resource));

    /// <summary>arn:PARTITION:SERVICE:REGION::RESOURCE in the same regions, for what has no account in its ARN: AWS's documents, images and snapshots.</summary>
    public IEnumerable<string> ArnsWithoutAccount(string service, IReadOnlyList<string> regions, string resource) =>
        Within(regions).Select(region => $"arn:{Partition}:{service}:{region}::{resource}");

    public string Arn(string service, string region, string resource) => $"arn:{Partition}:{service}:{region}:{Account}:{resource}";

    private IReadOnlyList<string> Within(IReadOnlyList<string> regions) => regions.Count == 0 ? [Region] : regions;
}
