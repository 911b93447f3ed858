namespace FastTrigger.Actions;

/// <summary>A role that Systems Manager works as: whoever passes it needs iam:PassRole on it.</summary>
internal static class PassedRole
{
    public static CallPermission Permission(IReadOnlyList<CallResource> roles) =>
        new("PassRole", "the roles that Systems Manager works as", roles)
        {
            Action = "iam:PassRole",
            Conditions = [new("StringEquals", "iam:PassedToService", ["ssm.amazonaws.com"])],
        };
}
