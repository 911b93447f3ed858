namespace FastTrigger.Aws;

/// <summary>
/// A partition of AWS: regions that share a domain and an account space, and the prefixes of their names (the SDKs' partitions.json).
/// </summary>
internal sealed class Partition(string name, string domain, string[] prefixes)
{
    public string Name { get; } = name;

    public string Domain { get; } = domain;

    public string[] Prefixes { get; } = prefixes;

    private static readonly Partition[] s_all =
    [
        new("aws", "amazonaws.com", ["us-", "eu-", "ap-", "sa-", "ca-", "me-", "af-", "il-", "mx-"]),
        new("aws-cn", "amazonaws.com.cn", ["cn-"]),
        new("aws-us-gov", "amazonaws.com", ["us-gov-"]),
        new("aws-iso", "c2s.ic.gov", ["us-iso-"]),
        new("aws-iso-b", "sc2s.sgov.gov", ["us-isob-"]),
        new("aws-iso-e", "cloud.adc-e.uk", ["eu-isoe-"]),
        new("aws-iso-f", "csp.hci.ic.gov", ["us-isof-", "eu-isof-"]),
        new("aws-eusc", "amazonaws.eu", ["eusc-"]),
    ];

    /// <summary>Whether endpoints here have certificates of Amazon's own roots (C6.3).</summary>
    public bool HasAmazonRoots => Name is "aws" or "aws-us-gov";

    /// <summary>The partition of a region; null for any other text. The longest prefix decides: us-gov-west-1 is not in us-.</summary>
    public static Partition? Of(string region)
    {
        Partition? best = null;
        var bestLength = 0;
        foreach (var partition in s_all)
        {
            foreach (var prefix in partition.Prefixes)
            {
                if (prefix.Length > bestLength && region.StartsWith(prefix, StringComparison.Ordinal) && IsRegionName(region))
                {
                    best = partition;
                    bestLength = prefix.Length;
                }
            }
        }

        return best;
    }

    /// <summary>The partition's domain that a host name ends with; null for any other host.</summary>
    public static string? DomainOf(string host)
    {
        foreach (var partition in s_all)
        {
            var dot = host.Length - partition.Domain.Length - 1;
            if (dot > 0 && host[dot] == '.' && host.EndsWith(partition.Domain, StringComparison.Ordinal))
            {
                return partition.Domain;
            }
        }

        return null;
    }

    /// <summary>Lower-case letters, digits and hyphens, with a digit at the end: only such text becomes part of a host name.</summary>
    private static bool IsRegionName(string region)
    {
        if (region.Length > 32 || !char.IsAsciiDigit(region[^1]))
        {
            return false;
        }

        foreach (var letter in region)
        {
            if (!char.IsAsciiLetterLower(letter) && !char.IsAsciiDigit(letter) && letter != '-')
            {
                return false;
            }
        }

        return true;
    }
}
