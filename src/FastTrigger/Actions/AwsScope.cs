using FastTrigger.Aws;

namespace FastTrigger.Actions;

/// <summary>The region and the credentials of an action's calls.</summary>
/// <param name="Credentials">The credentials of the role that the action names; null for the function's own.</param>
internal sealed record AwsScope(string Region, AwsCredentials? Credentials);
