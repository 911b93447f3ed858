using FastTrigger.Actions;

namespace FastTrigger.Cli.Policy;

/// <summary>The function's place, of which ARNs are made. A * is a placeholder for what is not given.</summary>
internal sealed record PolicyScope(string Partition, string Region, string Account, string Function, string Table)
{
    /// <summary>The key that encrypts the environment; null for AWS's own.</summary>
    public string? Key { get; init; }

    /// <summary>
    /// The ARNs of the queues that the function takes from; the first is that of its dead letters. Null for all whose names begin with the
    /// function's, where the queues are not known.
    /// </summary>
    public IReadOnlyList<string>? Queues { get; init; }

    public string Arn(string service, string region, string path) => $"arn:{Partition}:{service}:{region}:{Account}:{path}";

    /// <summary>The ARNs of a resource, one for each region.</summary>
    /// <param name="regions">Empty for the function's own.</param>
    /// <param name="events">The API calls whose events the route takes; empty for any.</param>
    public IEnumerable<string> Arns(CallResource resource, IReadOnlyList<string> regions, IReadOnlyList<string> events)
    {
        var within = regions.Count == 0 ? [Region] : regions;
        return resource.Form switch
        {
            ResourceForm.Any => ["*"],
            ResourceForm.Literal => [resource.Path],
            ResourceForm.OwnAccount => within.Select(region => Arn(resource.Service, region, resource.Path)),
            ResourceForm.NoAccount => within.Select(region => ArnWithoutAccount(resource.Service, region, resource.Path)),
            ResourceForm.Role => [$"arn:{Partition}:iam::{resource.Service}:{resource.Path}"],
            ResourceForm.OnceTable => [Arn("dynamodb", Region, $"table/{Table}")],
            ResourceForm.Created => within.SelectMany(region => Created(resource, region, events)),
            var form => throw new NotSupportedException($"{form} has no ARN"),
        };
    }

    private string ArnWithoutAccount(string service, string region, string path) => $"arn:{Partition}:{service}:{region}::{path}";

    private IEnumerable<string> Created(CallResource resource, string region, IReadOnlyList<string> events)
    {
        // Volumes are left out only where no other API call could create them.
        var types = TaggedTypes.Of(events).Where(type => type != resource.Path || events is not ["RunInstances"]);
        foreach (var type in types)
        {
            yield return Arn(resource.Service, region, $"{type}/*");
            if (type is "image" or "snapshot")
            {
                yield return ArnWithoutAccount(resource.Service, region, $"{type}/*");
            }
        }
    }
}
