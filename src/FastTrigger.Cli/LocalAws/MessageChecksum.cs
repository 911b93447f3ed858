using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace FastTrigger.Cli.LocalAws;

#pragma warning disable CA5351 // SQS defines its checksums as MD5.

/// <summary>
/// The checksums of SQS, which clients compare with their own
/// (docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html).
/// </summary>
internal static class MessageChecksum
{
    public static string OfBody(string text) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>The checksum of names, types and values in the order of names.</summary>
    public static string OfAttributes(JsonObject attributes)
    {
        using var content = new MemoryStream();
        foreach (var (name, node) in attributes.OrderBy(attribute => attribute.Key, StringComparer.Ordinal))
        {
            var value = (JsonObject)node!;
            var binary = value.Text("BinaryValue");
            Write(content, Encoding.UTF8.GetBytes(name));
            Write(content, Encoding.UTF8.GetBytes(value.Text("DataType") ?? ""));
            content.WriteByte(binary is null ? (byte)1 : (byte)2);
            Write(content, binary is null ? Encoding.UTF8.GetBytes(value.Text("StringValue") ?? "") : Convert.FromBase64String(binary));
        }

        return Convert.ToHexStringLower(MD5.HashData(content.ToArray()));
    }

    private static void Write(MemoryStream content, byte[] bytes)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
        content.Write(length);
        content.Write(bytes);
    }
}

#pragma warning restore CA5351
