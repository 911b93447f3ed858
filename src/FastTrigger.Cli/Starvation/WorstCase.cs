namespace FastTrigger.Cli.Starvation;

/// <summary>An event that takes more memory than others of its source.</summary>
/// <param name="Sample">The sample that it is made of.</param>
/// <param name="Form">What it has a great deal of; "sample" for the sample itself.</param>
internal sealed record WorstCase(string Sample, string Form, byte[] Payload)
{
    public const string AsItIs = "sample";
}
