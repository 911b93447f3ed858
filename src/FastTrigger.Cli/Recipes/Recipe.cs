using System.Reflection;
using System.Text;

namespace FastTrigger.Cli.Recipes;

/// <summary>The files of a job that people have: a routes file, an event that it takes, and the servers that it acts on.</summary>
/// <param name="What">What it does: a clause that people read.</param>
internal sealed record Recipe(string Name, string What)
{
    public static IReadOnlyList<Recipe> All { get; } =
    [
        new("state-change", "runs a command on a server that starts"),
        new("owner-tags", "tags what somebody launches with its owner"),
        new("alarm-command", "runs a command on servers when an alarm goes off"),
        new("schedule-check", "checks a website on a schedule"),
        new("office-hours", "starts instances in the morning and stops them in the evening, with exceptions by tag"),
        new("threshold", "runs a command when a value of an event on your own bus is too high"),
        new("webhook", "runs a command for an HTTP request with a token"),
        new("queue", "runs a command for each message of an SQS queue"),
    ];

    /// <summary>The names of its files, in the order in which a person reads them.</summary>
    public static IReadOnlyList<string> FileNames { get; } = ["routes.json", "event.json", "world.json", "routes.schema.json"];

    public string Read(string file) =>
        ReadResource(file == "routes.schema.json" ? file : $"Recipes.{Name}/{file}");

    private static string ReadResource(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("FastTrigger.Cli." + name)!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
