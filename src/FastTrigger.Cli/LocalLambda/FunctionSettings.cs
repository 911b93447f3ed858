namespace FastTrigger.Cli.LocalLambda;

/// <summary>The function that is served: what its configuration would say in AWS.</summary>
internal sealed record FunctionSettings
{
    /// <summary>The program: any custom runtime's bootstrap.</summary>
    public required string Bootstrap { get; init; }

    public string Name { get; init; } = "fasttrigger";

    public string Region { get; init; } = "us-east-1";

    public string Account { get; init; } = "123456789012";

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    public int MemoryMegabytes { get; init; } = 128;

    public int MaxConcurrency { get; init; } = 1;

    /// <summary>Added to what Lambda sets; an empty value takes a variable away.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    public string Arn => $"arn:aws:lambda:{Region}:{Account}:function:{Name}";
}
