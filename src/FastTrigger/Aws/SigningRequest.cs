namespace FastTrigger.Aws;

/// <summary>The parts of a request that a signature covers.</summary>
/// <param name="Path">The path that is sent; it starts with a slash.</param>
/// <param name="Query">Names and values before they are encoded, in any order.</param>
/// <param name="Headers">Every header that is signed, with host and x-amz-date, in any order and case.</param>
internal readonly record struct SigningRequest(
    string Method,
    string Path,
    IReadOnlyList<(string Name, string Value)> Query,
    IReadOnlyList<(string Name, string Value)> Headers);
