using FastTrigger.Core;
using FastTrigger.Json;

namespace FastTrigger.Aws.Ssm;

/// <summary>
/// ${ssm:/path}: values of Parameter Store, decrypted, read once and again after five minutes (C1.5). A value that is there outlives a
/// Parameter Store that is unwell, but not one that says no. All loops of a process share it.
/// </summary>
internal sealed class ParameterStore
{
    private const long KeptMs = 5 * 60_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (string Value, long ReadMs)> _known = [];

    public AwsFailure? Get(AwsClient client, Clock clock, string region, string name, Deadline deadline, out string value)
    {
        (string Value, long ReadMs) known;
        lock (_lock)
        {
            if (_known.TryGetValue(name, out known) && clock.BootMs - known.ReadMs < KeptMs)
            {
                value = known.Value;
                return null;
            }
        }

        var failure = new ParameterClient(client, region).GetParameter(name, deadline, out value);
        if (failure is null)
        {
            lock (_lock)
            {
                _known[name] = (value, clock.BootMs);
            }

            return null;
        }

        value = known.Value ?? "";
        return known.Value is not null && failure.MayPass ? null : failure;
    }

    private sealed class ParameterClient(AwsClient client, string region) : JsonServiceClient(client, region, null, "ssm", "AmazonSSM.", AwsProtocol.Json11)
    {
        public AwsFailure? GetParameter(string name, Deadline deadline, out string value)
        {
            Write(writer => writer.Member("Name", name).Name("WithDecryption").Boolean(true));
            value = "";
            if (Call("GetParameter", idempotent: true, deadline, out var answer) is { } failure)
            {
                return failure;
            }

            value = answer.Get("Parameter"u8).Text("Value"u8) ?? "";
            return value.Length > 0 ? null : new(AwsFailureKind.ServerFault, "", "the answer names no value", Sent: true);
        }
    }
}
