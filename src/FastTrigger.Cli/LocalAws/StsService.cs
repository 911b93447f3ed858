using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace FastTrigger.Cli.LocalAws;

/// <summary>AssumeRole, for the roles of the world.</summary>
internal sealed partial class StsService : LocalQueryService
{
    private readonly LocalWorld _world;

    public StsService(LocalWorld world)
        : base("sts", "2011-06-15")
    {
        _world = world;
        Add("AssumeRole", AssumeRole);
    }

    private (JsonObject Parameters, Func<string> Run) AssumeRole(QueryParameters query)
    {
        var (arn, session, externalId) = (query.Take("RoleArn"), query.Take("RoleSessionName"), query.Take("ExternalId"));
        var seconds = query.Take("DurationSeconds") ?? "3600";
        var tags = query.TakePairs("Tags.member");
        var parameters = new JsonObject { ["RoleArn"] = arn, ["RoleSessionName"] = session, ["DurationSeconds"] = seconds };
        if (externalId is not null)
        {
            parameters["ExternalId"] = externalId;
        }

        if (tags.Count > 0)
        {
            parameters["Tags"] = QueryParameters.Describe(tags);
        }

        return (parameters, () => Assume(arn, session, externalId, int.Parse(seconds, CultureInfo.InvariantCulture)));
    }

    private string Assume(string? arn, string? session, string? externalId, int seconds)
    {
        if (arn is null || session is null || !SessionName().IsMatch(session))
        {
            throw new AwsError(400, "ValidationError", "RoleArn and RoleSessionName, 2 to 64 letters, digits and _+=,.@-, are required");
        }

        // The function's own credentials are those of a role, which limits the session to an hour.
        if (seconds is < 900 or > 3600)
        {
            throw new AwsError(
                400,
                "ValidationError",
                "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining");
        }

        if (_world.Roles.FirstOrDefault(role => role.Arn == arn) is not { } known
            || (known.ExternalId is not null && known.ExternalId != externalId))
        {
            throw new AwsError(
                403,
                "AccessDenied",
                $"User: arn:aws:sts::{_world.Account}:assumed-role/fasttrigger/fasttrigger is not authorized to perform: "
                + $"sts:AssumeRole on resource: {arn}");
        }

        var keys = new LocalSession(
            $"ASIA{Guid.NewGuid().ToString("n")[..16].ToUpperInvariant()}",
            Guid.NewGuid().ToString("n"),
            $"session/{Guid.NewGuid():n}",
            arn.Split(':')[4],
            _world.Now.AddSeconds(known.Seconds ?? seconds));
        _world.Sessions[keys.AccessKeyId] = keys;
        var role = $"<Arn>{Xml(arn)}/{Xml(session)}</Arn><AssumedRoleId>AROALOCAL:{Xml(session)}</AssumedRoleId>";
        var credentials = $"<AccessKeyId>{keys.AccessKeyId}</AccessKeyId><SecretAccessKey>{keys.SecretAccessKey}</SecretAccessKey>"
            + $"<SessionToken>{keys.SessionToken}</SessionToken>"
            + $"<Expiration>{keys.Expires.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}</Expiration>";
        return Answer("AssumeRole", $"<AssumedRoleUser>{role}</AssumedRoleUser>\n<Credentials>{credentials}</Credentials>");
    }

    [GeneratedRegex(@"^[\w+=,.@-]{2,64}$")]
    private static partial Regex SessionName();
}

/// <summary>The credentials of an assumed role.</summary>
internal sealed record LocalSession(
    string AccessKeyId,
    string SecretAccessKey,
    string SessionToken,
    string Account,
    DateTimeOffset Expires);
