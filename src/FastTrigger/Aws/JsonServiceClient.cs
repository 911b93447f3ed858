using System.Text.Json;
using FastTrigger.Core;
using FastTrigger.Json;

namespace FastTrigger.Aws;

/// <summary>What the clients of services with a JSON protocol share: the body, the call, and the document that comes back.</summary>
/// <param name="service">The service's name in host names and signatures.</param>
/// <param name="target">What stands before the operation in X-Amz-Target.</param>
/// <param name="credentials">Those of a role; null for the function's own.</param>
internal abstract class JsonServiceClient(AwsClient client, string region, AwsCredentials? credentials, string service, string target, AwsProtocol protocol)
{
    protected const int MostPages = 100;

    /// <summary>Writes the document of the next call.</summary>
    protected void Write(Action<JsonBuilder> members)
    {
        client.Body.Clear();
        var writer = new JsonBuilder(client.Body);
        writer.BeginObject();
        members(writer);
        writer.EndObject();
    }

    /// <param name="answer">The document that came back; Undefined when the call failed.</param>
    protected AwsFailure? Call(string operation, bool idempotent, Deadline deadline, out JsonElement answer)
    {
        answer = default;
        var failure = client.Call(new(service, region, protocol, target + operation, client.Body, idempotent) { Credentials = credentials }, deadline);
        if (failure is null)
        {
            answer = EventJson.Parse(client.Answer, out _)?.RootElement ?? default;
        }

        return failure;
    }

    protected static int Number(JsonElement element) => element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out var number) ? number : 0;

    protected static void WriteGiven(JsonBuilder writer, string name, string? value)
    {
        if (value is not null)
        {
            writer.Member(name, value);
        }
    }

    /// <summary>Nothing for an empty list.</summary>
    protected static void WriteList(JsonBuilder writer, string name, IReadOnlyList<string> values)
    {
        if (values.Count == 0)
        {
            return;
        }

        writer.Name(name).BeginArray();
        foreach (var value in values)
        {
            writer.Text(value);
        }

        writer.EndArray();
    }
}
