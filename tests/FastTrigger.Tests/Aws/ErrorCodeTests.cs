using System.Text.RegularExpressions;
using FastTrigger.Aws;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Aws;

/// <summary>The classification of errors, compared with the tables of AWS's SDK for JavaScript, a peer of the tests.</summary>
public sealed partial class ErrorCodeTests
{
    private static readonly string s_tables = ReadTables();

    public static TheoryData<string> Throttling => [.. Table("THROTTLING_ERROR_CODES")];

    public static TheoryData<string> Transient => [.. Table("TRANSIENT_ERROR_CODES")];

    public static TheoryData<string> ClockSkew => [.. Table("CLOCK_SKEW_ERROR_CODES")];

    public static TheoryData<int> TransientStatuses => [.. Table("TRANSIENT_ERROR_STATUS_CODES").Select(int.Parse)];

    [Theory]
    [MemberData(nameof(Throttling))]
    public void What_the_SDK_takes_for_throttling_is_throttling_here(string code) =>
        Assert.Equal(AwsFailureKind.Throttled, AwsErrorDocument.Classify(400, code));

    [Theory]
    [MemberData(nameof(Transient))]
    public void What_the_SDK_takes_for_transient_may_pass_here_and_may_have_taken_effect(string code) =>
        Assert.Equal(AwsFailureKind.ServerFault, AwsErrorDocument.Classify(400, code));

    [Theory]
    [MemberData(nameof(TransientStatuses))]
    [InlineData(408)]
    [InlineData(509)]
    public void A_status_that_the_SDKs_take_for_transient_may_pass_here(int status) =>
        Assert.Equal(AwsFailureKind.ServerFault, AwsErrorDocument.Classify(status, ""));

    [Fact]
    public void Status_429_is_throttling() => Assert.Equal(AwsFailureKind.Throttled, AwsErrorDocument.Classify(429, ""));

    /// <summary>AccessDeniedException is a refusal of many services: a difference between the clocks is no reason to expect it.</summary>
    [Theory]
    [MemberData(nameof(ClockSkew))]
    public void What_the_SDK_takes_for_a_wrong_clock_may_be_one_here(string code) =>
        Assert.True(AwsErrorDocument.MayBeSkew(code) || code == "AccessDeniedException", code);

    [Theory]
    [InlineData(400, "ValidationException")]
    [InlineData(403, "AccessDeniedException")]
    [InlineData(404, "")]
    public void A_refusal_stays_a_refusal(int status, string code) =>
        Assert.Equal(AwsFailureKind.Refused, AwsErrorDocument.Classify(status, code));

    private static string[] Table(string name)
    {
        var table = Regex.Match(s_tables, $@"export const {name} = \[(.*?)\]", RegexOptions.Singleline);
        Assert.True(table.Success, $"the SDK has no {name}");
        return [.. Entry().Matches(table.Groups[1].Value).Select(entry => entry.Value)];
    }

    private static string ReadTables()
    {
        var smithy = Path.Combine(TestEnvironment.Root, "artifacts", "peers", "node_modules", "@smithy");
        Assert.True(Directory.Exists(smithy), $"{smithy} is missing: ./bootstrap.sh test installs it");
        return Directory.EnumerateFiles(smithy, "constants.js", SearchOption.AllDirectories)
            .Select(File.ReadAllText)
            .First(text => text.Contains("export const THROTTLING_ERROR_CODES", StringComparison.Ordinal));
    }

    [GeneratedRegex(@"\w+")]
    private static partial Regex Entry();
}
