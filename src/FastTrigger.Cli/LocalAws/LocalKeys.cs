namespace FastTrigger.Cli.LocalAws;

/// <summary>The only credentials that the local AWS accepts, apart from those of assumed roles.</summary>
internal static class LocalKeys
{
    public const string AccessKeyId = "AKIALOCALFASTTRIGGER";
    public const string SecretAccessKey = "local/only/secret/of/fasttrigger/0000000";
    public const string SessionToken = "local-session-token";
}
