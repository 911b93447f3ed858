namespace FastTrigger.Events;

/// <summary>What ${owner} is of whoever made a call.</summary>
internal enum OwnerForm
{
    /// <summary>The name of the person: user, session, source identity.</summary>
    Person,
    /// <summary>The name of the role.</summary>
    Role,
    Arn,
    Email,
    /// <summary>What the policy variable aws:userid compares with.</summary>
    UserId,
}
