using System.Globalization;

namespace FastTrigger.Cli.Packaging;

/// <summary>The supported frameworks with their last day of support (dotnet.microsoft.com/platform/support/policy).</summary>
internal static class SupportedFrameworks
{
    private static readonly (string Framework, DateOnly LastDay)[] s_supported =
    [
        ("net9.0", new(2026, 11, 10)),
        ("net10.0", new(2028, 11, 14)),
    ];

    /// <summary>Why the framework of a binary is not supported; null when it is.</summary>
    /// <param name="framework">The target framework, such as net10.0; null when it is unknown.</param>
    public static string? FindProblem(string? framework)
    {
        if (framework is null)
        {
            return "the framework of bootstrap is unknown: ./bootstrap.sh build writes it to native-framework in the same folder";
        }

        var today = DateOnly.FromDateTime(DateTime.UtcNow);
        var known = Array.Find(s_supported, supported => supported.Framework == framework);
        if (known.Framework is not null && known.LastDay >= today)
        {
            return null;
        }

        var reason = known.Framework is null
            ? "is not known to be supported"
            : string.Create(CultureInfo.InvariantCulture, $"is out of support since {known.LastDay:yyyy-MM-dd}");
        return $"bootstrap is built for {framework}, which {reason}: build the release where net10.0 can be published";
    }
}
