using FastTrigger.Core;

namespace FastTrigger.Aws.Sts;

/// <summary>A role to act as. Two that are equal have the same credentials.</summary>
/// <param name="SessionTags">What the role's policies can tell sessions by.</param>
internal sealed record AssumeRoleRequest(string RoleArn, string SessionName, string? ExternalId, IReadOnlyList<(string Key, string Value)> SessionTags)
{
    public bool IsSame(AssumeRoleRequest other)
    {
        if (RoleArn != other.RoleArn || SessionName != other.SessionName || ExternalId != other.ExternalId || SessionTags.Count != other.SessionTags.Count)
        {
            return false;
        }

        for (var i = 0; i < SessionTags.Count; i++)
        {
            if (SessionTags[i] != other.SessionTags[i])
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary>The one operation of AWS STS that is used (docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html).</summary>
internal sealed class StsClient(AwsClient client, string region)
{
    /// <summary>A function's own credentials are a role's already, and who goes from one role to another gets an hour at most.</summary>
    private const string Duration = "3600";

    public AwsFailure? AssumeRole(AssumeRoleRequest request, Deadline deadline, out AwsCredentials? credentials)
    {
        credentials = null;
        var body = new QueryBody(client.Body, "AssumeRole", "2011-06-15");
        body.Add("RoleArn", request.RoleArn);
        body.Add("RoleSessionName", request.SessionName);
        body.Add("DurationSeconds", Duration);
        if (request.ExternalId is { } externalId)
        {
            body.Add("ExternalId", externalId);
        }

        for (var i = 0; i < request.SessionTags.Count; i++)
        {
            body.Add("Tags.member", i, "Key", request.SessionTags[i].Key);
            body.Add("Tags.member", i, "Value", request.SessionTags[i].Value);
        }

        if (client.Call(new("sts", region, AwsProtocol.Query, null, client.Body, Idempotent: true), deadline) is { } failure)
        {
            return failure;
        }

        credentials = Read(client.Answer.Span);
        return credentials is null ? new(AwsFailureKind.ServerFault, "", "the answer names no credentials", Sent: true) : null;
    }

    private static AwsCredentials? Read(ReadOnlySpan<byte> body)
    {
        string? id = null, secret = null, token = null;
        var expires = long.MaxValue;
        var xml = new XmlScanner(body);
        while (xml.Read())
        {
            if (xml.IsText("AccessKeyId"u8))
            {
                id = xml.Text;
            }
            else if (xml.IsText("SecretAccessKey"u8))
            {
                secret = xml.Text;
            }
            else if (xml.IsText("SessionToken"u8))
            {
                token = xml.Text;
            }
            else if (xml.IsText("Expiration"u8) && UtcTime.TryParseIso(xml.Text, out var time))
            {
                expires = time;
            }
        }

        return id is null || secret is null || token is null ? null : new(id, secret, token) { ExpiresMs = expires };
    }
}
