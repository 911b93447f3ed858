namespace FastTrigger.Aws;

/// <summary>What a signature covers.</summary>
/// <param name="Path">As it is sent, beginning with a slash.</param>
/// <param name="Query">Names and values before they are encoded, in any order.</param>
/// <param name="Headers">Every header to be signed, host and x-amz-date among them, in any order and case.</param>
internal readonly record struct SigningRequest(string Method, string Path, IReadOnlyList<(string Name, string Value)> Query, IReadOnlyList<(string Name, string Value)> Headers);
