using System.Text.RegularExpressions;
using FastTrigger.Cli.LocalAws;

namespace FastTrigger.Cli.LocalLambda;

/// <summary>
/// The name of a function in a request (docs.aws.amazon.com/lambda/latest/api/API_Invoke.html): a name, ACCOUNT:function:NAME or an ARN,
/// each with a qualifier or without one. The local function stands for each of its versions and aliases.
/// </summary>
internal static partial class FunctionName
{
    private const string AwsPattern =
        @"(arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}(-gov)?-[a-z]+-\d{1}:)?(\d{12}:)?(function:)?([a-zA-Z0-9-_\.]+)"
        + @"(:(\$LATEST|[a-zA-Z0-9-_]+))?";

    private const int MaxLength = 170;

    /// <summary>Returns the ARN that the request names.</summary>
    /// <param name="name">The part of the path, decoded.</param>
    /// <param name="qualifier">The parameter Qualifier; null without one.</param>
    /// <exception cref="AwsError">The name is that of no function here, or no name at all.</exception>
    public static string Resolve(string name, string? qualifier, FunctionSettings settings)
    {
        var match = Pattern().Match(name);
        if (!match.Success || name.Length > MaxLength)
        {
            throw Invalid(name, "functionName", $"Member must satisfy regular expression pattern: {AwsPattern}");
        }

        if (qualifier is not null && !Qualifier().IsMatch(qualifier))
        {
            throw Invalid(qualifier, "qualifier", @"Member must satisfy regular expression pattern: (|[a-zA-Z0-9$_-]+)");
        }

        var named = Value(match, "qualifier");
        if (named is not null && qualifier is not null && named != qualifier)
        {
            throw new AwsError(
                400,
                "InvalidParameterValueException",
                "The derived qualifier from the function name does not match the specified qualifier.");
        }

        var (region, account) = (Value(match, "region") ?? settings.Region, Value(match, "account") ?? settings.Account);
        if (region != settings.Region)
        {
            throw NotFound($"Functions from '{region}' are not reachable in this region ('{settings.Region}')");
        }

        var suffix = (named ?? qualifier) is { } given ? $":{given}" : "";
        var arn = $"arn:aws:lambda:{region}:{account}:function:{match.Groups["name"].Value}";
        return arn == settings.Arn ? arn + suffix : throw NotFound($"Function not found: {arn}{suffix}");
    }

    private static string? Value(Match match, string group) => match.Groups[group] is { Success: true } found ? found.Value : null;

    private static AwsError NotFound(string message) => new(404, "ResourceNotFoundException", message);

    private static AwsError Invalid(string value, string member, string constraint) => AwsError.Validation(
        $"1 validation error detected: Value '{value}' at '{member}' failed to satisfy constraint: {constraint}");

    [GeneratedRegex(
        @"\A(arn:aws[a-zA-Z-]*:lambda:)?((?<region>[a-z]{2}(-[a-z]+)+-\d):)?((?<account>\d{12}):)?(function:)?"
        + @"(?<name>[a-zA-Z0-9-_.]+)(:(?<qualifier>\$LATEST|[a-zA-Z0-9-_]+))?\z")]
    private static partial Regex Pattern();

    [GeneratedRegex(@"\A[a-zA-Z0-9$_-]{1,128}\z")]
    private static partial Regex Qualifier();
}
