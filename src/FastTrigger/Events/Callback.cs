namespace FastTrigger.Events;

/// <summary>A service that does not look at the answer and waits to be called (C3.4).</summary>
internal enum Callback
{
    CodePipeline,
    Config,
    CloudFormation,
}
