namespace FastTrigger.Aws.Sts;

/// <summary>A role to assume. Equal requests share their credentials.</summary>
/// <param name="SessionTags">What the role's policies can tell sessions by.</param>
internal sealed record AssumeRoleRequest(
    string RoleArn,
    string SessionName,
    string? ExternalId,
    IReadOnlyList<(string Key, string Value)> SessionTags)
{
    public bool IsSame(AssumeRoleRequest other)
    {
        if (RoleArn != other.RoleArn
            || SessionName != other.SessionName
            || ExternalId != other.ExternalId
            || SessionTags.Count != other.SessionTags.Count)
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
