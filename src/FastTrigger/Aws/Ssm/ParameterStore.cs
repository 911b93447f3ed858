using FastTrigger.Core;
using FastTrigger.Json;

namespace FastTrigger.Aws.Ssm;

/// <summary>
/// ${ssm:/path}: values of Parameter Store, decrypted, read once and again after five minutes (C1.5). A known value is used while Parameter
/// Store does not answer, but not when it refuses. All loops of a process share it.
/// </summary>
internal sealed class ParameterStore
{
    private const long KeptMs = 5 * 60_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Parameter> _known = [];

    public static class Operations
    {
        public static readonly AwsOperation GetParameter = new("ssm", nameof(GetParameter), WholeAnswer.Object("Parameter"));
    }

    public AwsFailure? Get(AwsCaller aws, Clock clock, string region, string name, Deadline deadline, out string value)
    {
        Parameter? known;
        lock (_lock)
        {
            if (_known.TryGetValue(name, out known) && clock.BootMs - known.ReadMs < KeptMs)
            {
                value = known.Value;
                return null;
            }
        }

        var failure = new ParameterClient(aws, region).GetParameter(name, deadline, out value);
        if (failure is null)
        {
            lock (_lock)
            {
                _known[name] = new(value, clock.BootMs);
            }

            return null;
        }

        value = known?.Value ?? "";
        return known is not null && failure.MayPass ? null : failure;
    }

    private sealed class Parameter(string value, long readMs)
    {
        public string Value => value;

        public long ReadMs => readMs;
    }

    private sealed class ParameterClient(AwsCaller aws, string region)
        : JsonServiceClient(aws, region, null, "AmazonSSM.", AwsProtocol.Json11)
    {
        public AwsFailure? GetParameter(string name, Deadline deadline, out string value)
        {
            Write(writer => writer.Member("Name", name).Name("WithDecryption").Boolean(true));
            value = "";
            if (Call(Operations.GetParameter, deadline, out var answer) is { } failure)
            {
                return failure;
            }

            value = answer.Get("Parameter"u8).Text("Value"u8) ?? "";
            return value.Length > 0 ? null : new(AwsFailureKind.ServerFault, "", "the response names no value", Sent: true);
        }
    }
}
