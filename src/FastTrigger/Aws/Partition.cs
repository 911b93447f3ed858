namespace FastTrigger.Aws;

/// <summary>
/// A partition of AWS: regions that share a domain and an account space, and the prefixes its regions begin with
/// (the SDKs' partitions.json).
/// </summary>
internal sealed record Partition(string Name, string Domain, string[] Prefixes)
{
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

    /// <summary>Whether the small file with Amazon's own roots serves here (C6.3).</summary>
    public bool HasAmazonRoots => Name is "aws" or "aws-us-gov";

    /// <summary>The partition of a region; null when it is not the name of one. The longest prefix decides: us-gov-west-1 is not us-.</summary>
    public static Partition? Of(string region)
    {
        Partition? best = null;
        var longest = 0;
        foreach (var partition in s_all)
        {
            foreach (var prefix in partition.Prefixes)
            {
                if (prefix.Length > longest && region.StartsWith(prefix, StringComparison.Ordinal) && IsRegionName(region))
                {
                    best = partition;
                    longest = prefix.Length;
                }
            }
        }

        return best;
    }

    /// <summary>The domain of a partition that a host name ends in; null for any other host.</summary>
    public static string? DomainOf(string host)
    {
        foreach (var partition in s_all)
        {
            if (host.Length > partition.Domain.Length + 1 && host[^(partition.Domain.Length + 1)] == '.' && host.EndsWith(partition.Domain, StringComparison.Ordinal))
            {
                return partition.Domain;
            }
        }

        return null;
    }

    /// <summary>Lower-case words and a number: what may become part of a host name.</summary>
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
