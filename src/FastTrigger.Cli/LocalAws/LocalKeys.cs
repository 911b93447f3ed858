namespace FastTrigger.Cli.LocalAws;

/// <summary>The one set of keys that the local AWS knows.</summary>
internal static class LocalKeys
{
    public const string AccessKeyId = "AKIALOCALFASTTRIGGER";
    public const string SecretAccessKey = "local/only/secret/of/fasttrigger/0000000";
    public const string SessionToken = "local-session-token";
}
