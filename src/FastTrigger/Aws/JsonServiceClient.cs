using System.Text.Json;
using FastTrigger.Core;

namespace FastTrigger.Aws;

/// <summary>What the clients of services with a JSON protocol share: the body, the call, and the document in the response.</summary>
/// <param name="credentials">The credentials of a role; null for the function's own.</param>
/// <param name="target">The prefix of the operation's name in X-Amz-Target.</param>
internal abstract class JsonServiceClient(AwsCaller aws, string region, AwsCredentials? credentials, string target, AwsProtocol protocol)
{
    private Action<JsonBuilder>? _members;

    /// <summary>Writes the document of the next request.</summary>
    protected void Write(Action<JsonBuilder> members)
    {
        _members = members;
        WriteBody(aws.Body, members);
    }

    internal static void WriteBody(ByteBuffer body, Action<JsonBuilder> members)
    {
        var writer = new JsonBuilder(body.Clear());
        writer.BeginObject();
        members(writer);
        writer.EndObject();
    }

    /// <param name="answer">The document in the response; Undefined when the call failed.</param>
    protected AwsFailure? Call(AwsOperation operation, Deadline deadline, out JsonElement answer)
    {
        answer = default;
        var request = new AwsRequest(operation, region, protocol, target + operation.Name, aws.Body)
        {
            Credentials = credentials,
            Members = _members,
        };
        var failure = aws.Call(request, deadline);
        if (failure is null)
        {
            answer = aws.Document;
        }

        return failure;
    }

    protected static int Number(JsonElement element) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out var number) ? number : 0;

    internal static void WriteIfNotNull(JsonBuilder writer, string name, string? value)
    {
        if (value is not null)
        {
            writer.Member(name, value);
        }
    }

    /// <summary>Writes nothing for an empty list.</summary>
    internal static void WriteList(JsonBuilder writer, string name, IReadOnlyList<string> values)
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
