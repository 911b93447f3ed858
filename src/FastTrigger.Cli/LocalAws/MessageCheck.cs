using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace FastTrigger.Cli.LocalAws;

/// <summary>
/// Checks a message as SendMessage does (docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html).
/// </summary>
internal static partial class MessageCheck
{
    /// <summary>The maximum of body and attributes together.</summary>
    public const int MaxBytes = 1024 * 1024;

    private const int MaxAttributes = 10;

    public static void Check(LocalMessage message)
    {
        if (message.Body.Length == 0)
        {
            throw SqsService.MissingParameter("MessageBody");
        }

        // The characters of XML 1.0.
        if (message.Body.Any(static c => c is < ' ' and not ('\t' or '\n' or '\r') or > '\uFFFD'))
        {
            throw new AwsError(400, "InvalidMessageContents", "Invalid characters found in the message body.");
        }

        var size = Encoding.UTF8.GetByteCount(message.Body);
        if (message.Attributes.Count > MaxAttributes)
        {
            throw Invalid($"Number of message attributes [{message.Attributes.Count}] exceeds the allowed maximum [{MaxAttributes}].");
        }

        foreach (var (name, value) in message.Attributes)
        {
            size += CheckAttribute(name, (JsonObject)value!);
        }

        if (size > MaxBytes)
        {
            throw Invalid($"One or more parameters are invalid. Reason: Message must be shorter than {MaxBytes} bytes.");
        }
    }

    /// <summary>Returns the size of the attribute.</summary>
    private static int CheckAttribute(string name, JsonObject value)
    {
        if (!Name().IsMatch(name))
        {
            throw Invalid($"The message attribute name '{name}' is invalid.");
        }

        var type = value.Text("DataType") ?? "";
        if (!DataType().IsMatch(type))
        {
            throw Invalid($"The message attribute '{name}' has an invalid message attribute type, the set of supported type prefixes is "
                + "Binary, Number, and String.");
        }

        var (member, other) = type.StartsWith("Binary", StringComparison.Ordinal)
            ? ("BinaryValue", "StringValue")
            : ("StringValue", "BinaryValue");
        return value.Text(member) is { Length: > 0 } text && value[other] is null
            ? Encoding.UTF8.GetByteCount(name + type + text)
            : throw Invalid($"The message attribute '{name}' with type '{type}' must use a non-empty field '{member}', and no other.");
    }

    private static AwsError Invalid(string message) => new(400, "InvalidParameterValue", message);

    [GeneratedRegex(@"\A[A-Za-z0-9_.-]{1,256}\z")]
    private static partial Regex Name();

    [GeneratedRegex(@"\A(String|Number|Binary)(\..+)?\z")]
    private static partial Regex DataType();
}
