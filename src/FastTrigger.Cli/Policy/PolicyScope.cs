namespace FastTrigger.Cli.Policy;

/// <summary>Where the function is: what ARNs are made of. A * stands for what is not said.</summary>
internal sealed record PolicyScope(string Partition, string Region, string Account, string Function, string Table)
{
    /// <summary>arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE, in each region that may be reached.</summary>
    public IEnumerable<string> Arns(string service, IReadOnlyList<string> regions, string resource) =>
        (regions.Count == 0 ? [Region] : regions).Select(region => Arn(service, region, resource));

    public string Arn(string service, string region, string resource) => $"arn:{Partition}:{service}:{region}:{Account}:{resource}";
}
