using System.Text.Json.Nodes;

namespace FastTrigger.Cli.LocalAws;

/// <summary>AssumeRole, for the roles of the world.</summary>
internal sealed class StsService : LocalQueryService
{
    private readonly LocalWorld _world;

    public StsService(LocalWorld world)
        : base("sts", "2011-06-15")
    {
        _world = world;
        // Nobody has a device here. Session policies have nothing to narrow, because no permission is checked.
        Add("AssumeRole", AssumeRole, "SerialNumber", "TokenCode", "ProvidedContexts");
    }

    private string AssumeRole(JsonObject request)
    {
        const int HourSeconds = 3600;
        var (arn, session, externalId) = (request.Text("RoleArn")!, request.Text("RoleSessionName")!, request.Text("ExternalId"));
        var seconds = request.Number("DurationSeconds") ?? HourSeconds;
        // The function's own credentials are those of a role, which limits the session to an hour.
        if (seconds > HourSeconds)
        {
            throw AwsError.Validation(
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
            $"session/{Guid.NewGuid():n}".PadRight(Math.Max(0, request.Number("MinimumSessionTokenSize") ?? 0), '0'),
            arn.Split(':').ElementAtOrDefault(4) ?? _world.Account,
            _world.Now.AddSeconds(known.Seconds ?? seconds));
        _world.Sessions[keys.AccessKeyId] = keys;
        var role = $"<Arn>{Xml(arn)}/{Xml(session)}</Arn><AssumedRoleId>AROALOCAL:{Xml(session)}</AssumedRoleId>";
        var credentials = $"<AccessKeyId>{keys.AccessKeyId}</AccessKeyId><SecretAccessKey>{keys.SecretAccessKey}</SecretAccessKey>"
            + $"<SessionToken>{keys.SessionToken}</SessionToken>"
            + $"<Expiration>{keys.Expires.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}</Expiration>";
        var identity = request.Text("SourceIdentity") is { } source ? $"\n<SourceIdentity>{Xml(source)}</SourceIdentity>" : "";
        return $"<AssumedRoleUser>{role}</AssumedRoleUser>\n<Credentials>{credentials}</Credentials>{identity}";
    }
}

/// <summary>The credentials of an assumed role.</summary>
internal sealed record LocalSession(
    string AccessKeyId,
    string SecretAccessKey,
    string SessionToken,
    string Account,
    DateTimeOffset Expires);
