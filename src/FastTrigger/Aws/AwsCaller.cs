using System.Text.Json;
using FastTrigger.Aws.Ssm;
using FastTrigger.Core;

namespace FastTrigger.Aws;

/// <summary>A client, with the operations that may go through it. What is not allowed does not reach the network.</summary>
/// <param name="Declared">The operations that the caller declares; null for no restriction.</param>
/// <param name="IsDryRun">Whether operations that change something are refused (C1.4).</param>
internal readonly record struct AwsCaller(AwsClient Client, IReadOnlyList<AwsOperation>? Declared, bool IsDryRun = false)
{
    /// <summary>Where the service clients write the body of the next request.</summary>
    public ByteBuffer Body => Client.Body;

    /// <summary>The body of the response to the last call that succeeded.</summary>
    public ReadOnlyMemory<byte> Answer => Client.Answer;

    /// <inheritdoc cref="AwsClient.Document"/>
    public JsonElement Document => Client.Document;

    public AwsConnections Connections => Client.Connections;

    public static implicit operator AwsCaller(AwsClient client) => new(client, null);

    /// <summary>Null when the call succeeded.</summary>
    public AwsFailure? Call(in AwsRequest request, Deadline deadline) => Refuse(request.Operation) ?? Client.Call(request, deadline);

    private AwsFailure? Refuse(AwsOperation operation)
    {
        if (Client.RefusesUndeclared && !IsDeclared(operation))
        {
            return new(AwsFailureKind.Unusable, "", $"{operation.IamAction} is not among the calls that are declared", Sent: false);
        }

        return IsDryRun && operation.Changes
            ? new(AwsFailureKind.DryRun, "", $"dry run: would call {operation.IamAction}", Sent: false)
            : null;
    }

    /// <summary>Any value of a route may name a parameter, so reading one is always declared.</summary>
    private bool IsDeclared(AwsOperation operation)
    {
        if (Declared is null || operation == ParameterStore.Operations.GetParameter)
        {
            return true;
        }

        foreach (var declared in Declared)
        {
            if (declared == operation)
            {
                return true;
            }
        }

        return false;
    }
}
