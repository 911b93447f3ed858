namespace FastTrigger.Actions;

/// <summary>How an ARN is made of a <see cref="CallResource"/>.</summary>
internal enum ResourceForm
{
    /// <summary>Any resource: *.</summary>
    Any,

    /// <summary>The path is the whole ARN.</summary>
    Literal,

    /// <summary>arn:PARTITION:SERVICE:REGION:ACCOUNT:PATH in the function's own account.</summary>
    OwnAccount,

    /// <summary>arn:PARTITION:SERVICE:REGION::PATH, as AWS's own documents, images and snapshots have it.</summary>
    NoAccount,

    /// <summary>arn:PARTITION:iam::ACCOUNT:PATH, with the account in place of the service.</summary>
    Role,

    /// <summary>The act-once table.</summary>
    OnceTable,

    /// <summary>What the event's API call creates; the path is a resource type that is left out after RunInstances.</summary>
    Created,
}

/// <summary>A resource of a call, before partition, account and region are known.</summary>
internal readonly record struct CallResource(ResourceForm Form, string Service = "", string Path = "")
{
    public static CallResource Any { get; } = new(ResourceForm.Any);

    public static CallResource Literal(string arn) => new(ResourceForm.Literal, "", arn);

    public static CallResource Own(string service, string path) => new(ResourceForm.OwnAccount, service, path);

    /// <summary>A document of Systems Manager, or with another path prefix a runbook: by name or ARN.</summary>
    public static CallResource Document(string name, string type = "document", string suffix = "")
    {
        if (name.StartsWith("arn:", StringComparison.Ordinal))
        {
            return Literal(name.Replace(":document/", $":{type}/", StringComparison.Ordinal) + suffix);
        }

        return new(IsOfAws(name) ? ResourceForm.NoAccount : ResourceForm.OwnAccount, "ssm", $"{type}/{name}{suffix}");
    }

    /// <summary>Names that AWS reserves (docs.aws.amazon.com/systems-manager/latest/APIReference/API_CreateDocument.html, Name).</summary>
    private static bool IsOfAws(string name) =>
        name.StartsWith("aws", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("amazon", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("amzn", StringComparison.OrdinalIgnoreCase);
}
