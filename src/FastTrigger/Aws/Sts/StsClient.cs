using FastTrigger.Core;

namespace FastTrigger.Aws.Sts;

/// <summary>The one operation of AWS STS that is used (docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html).</summary>
internal sealed class StsClient(AwsCaller aws, string region)
{
    /// <summary>The function's own credentials are a role's, and role chaining gives one hour at most.</summary>
    private const string Duration = "3600";

    public static class Operations
    {
        public static readonly AwsOperation AssumeRole = new("sts", nameof(AssumeRole), WholeAnswer.Xml("AssumeRoleResult"));
    }

    public AwsFailure? AssumeRole(AssumeRoleRequest request, Deadline deadline, out AwsCredentials? credentials)
    {
        credentials = null;
        var body = new QueryBody(aws.Body, Operations.AssumeRole.Name, "2011-06-15");
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

        if (aws.Call(new(Operations.AssumeRole, region, AwsProtocol.Query, null, aws.Body), deadline) is { } failure)
        {
            return failure;
        }

        credentials = Read(aws.Answer.Span);
        return credentials is null ? new(AwsFailureKind.ServerFault, "", "the response names no credentials", Sent: true) : null;
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

        var isWhole = id is not null && secret is not null && token is not null;
        return isWhole && new AwsCredentials(id!, secret!, token) { ExpiresMs = expires } is { AreHeaderValues: true } read ? read : null;
    }
}
