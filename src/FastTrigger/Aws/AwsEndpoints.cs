using FastTrigger.Configuration;
using FastTrigger.Http;

namespace FastTrigger.Aws;

/// <summary>
/// The address of a service: its host in the region, or that of AWS_ENDPOINT_URL_SERVICE and AWS_ENDPOINT_URL
/// (docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html).
/// </summary>
internal sealed class AwsEndpoints(Func<string, string?> variable)
{
    private readonly bool _fips = Settings.IsTrue(variable("AWS_USE_FIPS_ENDPOINT"));
    private readonly bool _ignoreConfigured = Settings.IsTrue(variable("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"));

    private readonly Lock _lock = new();
    private readonly List<(string Service, string Region, Origin Origin)> _known = [];

    /// <param name="service">The service's name in host names: ec2, ssm.</param>
    public Origin? For(string service, string region, out string problem)
    {
        lock (_lock)
        {
            foreach (var known in _known)
            {
                if (known.Service == service && known.Region == region)
                {
                    problem = "";
                    return known.Origin;
                }
            }

            var found = Find(service, region, out problem);
            if (found is not null)
            {
                _known.Add((service, region, found));
            }

            return found;
        }
    }

    private Origin? Find(string service, string region, out string problem)
    {
        var name = "AWS_ENDPOINT_URL_" + service.ToUpperInvariant();
        var configured = _ignoreConfigured ? null : variable(name) ?? variable(name = "AWS_ENDPOINT_URL");
        if (configured is not null)
        {
            problem = Origin.TryParse(configured, out var origin, out var wrong) ? "" : $"{name}: {wrong}";
            return problem.Length > 0 ? null : origin;
        }

        if (Partition.Of(region) is not { } partition)
        {
            problem = $"'{region}' is not a region of a known partition";
            return null;
        }

        problem = "";
        // In GovCloud the ordinary endpoints of EC2 and Systems Manager are FIPS endpoints.
        var fips = _fips && partition.Name != "aws-us-gov" ? "-fips" : "";
        return new(true, $"{service}{fips}.{region}.{partition.Domain}", 443, "/");
    }
}
