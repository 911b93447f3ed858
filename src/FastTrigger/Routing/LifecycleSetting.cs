using FastTrigger.Values;

namespace FastTrigger.Routing;

/// <summary>`lifecycle`: what a lifecycle hook of an Auto Scaling group is completed with when the route is done or has failed.</summary>
internal sealed record LifecycleSetting(string Done, string Failed)
{
    private const string Continue = "CONTINUE", Abandon = "ABANDON";

    public static LifecycleSetting Read(SettingReader settings) =>
        new(settings.Choice("done", Continue, Abandon), settings.Choice("failed", Abandon, Continue));
}
