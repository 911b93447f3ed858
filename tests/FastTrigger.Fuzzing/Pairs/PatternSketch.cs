namespace FastTrigger.Fuzzing.Pairs;

/// <summary>An object of a pattern before it is written, from which events that match can be made too.</summary>
internal sealed record PatternSketch(List<SketchField> Fields, List<List<PatternSketch>> Alternatives);

/// <summary>A field with an object inside, or with tests.</summary>
internal sealed record SketchField(string Name, PatternSketch? Inside, List<SketchTest> Tests);

/// <summary>A test as it is written, and a value that it matches.</summary>
/// <param name="Value">Makes a scalar of JSON; null when the field must be missing.</param>
internal sealed record SketchTest(JsonTree Form, Func<string?> Value);
