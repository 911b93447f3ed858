namespace FastTrigger.Aws;

/// <summary>One operation of an AWS service, stated once by the client that calls it.</summary>
/// <param name="Service">The service's name in host names, signatures and IAM actions: ec2, ssm.</param>
/// <param name="Name">The operation's name in the API: CreateTags.</param>
/// <param name="Answer">What its answer is when it is complete.</param>
/// <param name="Changes">Whether it changes something, so that a dry run leaves it out (C1.4).</param>
/// <param name="Idempotent">Whether a request may be sent again when nobody knows whether it took effect (C5.1).</param>
internal sealed record AwsOperation(string Service, string Name, WholeAnswer Answer, bool Changes = false, bool Idempotent = true)
{
    /// <summary>The action that an IAM policy allows: ec2:CreateTags.</summary>
    public string IamAction => $"{Service}:{Name}";

    public override string ToString() => IamAction;
}
