using System.Text.Json.Nodes;
using FastTrigger.Cli.LocalAws.Models;

namespace FastTrigger.Cli.LocalAws;

/// <summary>A call that is read and not yet executed.</summary>
/// <param name="Parameters">The parameters with the names of the API reference.</param>
/// <param name="Run">Checks the limits and executes the call.</param>
internal sealed record LocalOperation(string Name, JsonObject Parameters, Func<string> Run);

/// <summary>One service of the local AWS in one protocol.</summary>
/// <param name="name">The name of the service in signatures, and of its model.</param>
/// <param name="contentType">The content type of its requests.</param>
internal abstract class LocalService(string name, string contentType)
{
    private readonly ServiceModel _model = ServiceModel.Load(name);
    private readonly Dictionary<string, (Func<JsonObject, string> Run, string[] Unsupported)> _operations = [];

    public string Name => name;

    public string ContentType => contentType;

    /// <summary>The content type of its responses.</summary>
    public abstract string ResponseType { get; }

    public IReadOnlyCollection<string> Operations => _operations.Keys;

    /// <summary>The members that a served operation refuses by name. It accepts all others of its model.</summary>
    public IReadOnlyCollection<string> Unsupported(string operation) => _operations[operation].Unsupported;

    /// <summary>The operation that a request names, which may be none of this service.</summary>
    public abstract string Peek(string target, byte[] body);

    /// <param name="target">The value of X-Amz-Target; the query protocol has the operation in the body.</param>
    /// <exception cref="AwsError">The request is malformed, or an operation or a member is not supported here.</exception>
    public abstract LocalOperation Read(string target, byte[] body);

    /// <summary>The response document of an error.</summary>
    public abstract string Error(AwsError error);

    /// <summary>The error of a required member that a request does not have; null for the error of its model.</summary>
    protected virtual AwsError? Missing(string member) => null;

    /// <param name="unsupported">Members of the operation that the local service cannot honour.</param>
    protected void AddOperation(string operation, Func<JsonObject, string> run, string[] unsupported) =>
        _operations[operation] = (run, unsupported);

    protected bool Serves(string operation) => _operations.ContainsKey(operation);

    /// <param name="read">Reads the request by the shape of its input.</param>
    protected LocalOperation Read(string operation, Func<Shape, JsonObject> read)
    {
        var (run, unsupported) = _operations[operation];
        var input = _model.Input(operation);
        var parameters = read(input);
        if (unsupported.FirstOrDefault(parameters.ContainsKey) is { } member)
        {
            throw AwsError.Validation($"The local {name} does not support the parameter {member} of {operation}");
        }

        return new(operation, parameters, () =>
        {
            CheckLimits(input, parameters);
            return run(parameters);
        });
    }

    private void CheckLimits(Shape input, JsonObject parameters)
    {
        var limits = InputLimits.Check(input, parameters);
        if (limits.Missing.Select(Missing).FirstOrDefault(error => error is not null) is { } missing)
        {
            throw missing;
        }

        if (limits.Message is { } message)
        {
            throw AwsError.Validation(message);
        }
    }
}
