using System.Text.Json;
using Peers;

// A function in C# that reads its event and gives a fixed answer.
await RuntimeLoop.RunAsync(payload =>
{
    using var document = JsonDocument.Parse(payload);
    return Task.FromResult(document.RootElement.ValueKind == JsonValueKind.Object ? """{"items":1}""" : throw new FormatException());
});
