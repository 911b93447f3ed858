using FastTrigger.Aws;

namespace FastTrigger.Actions;

/// <summary>Where an action calls AWS, and as whom.</summary>
/// <param name="Credentials">Those of the role that the action names; null for the function's own.</param>
internal sealed record AwsScope(string Region, AwsCredentials? Credentials);
