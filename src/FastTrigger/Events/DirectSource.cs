using System.Text.Json;
using FastTrigger.Core;

namespace FastTrigger.Events;

/// <summary>
/// Whatever no other source recognises: the JSON of a direct invocation by the SDKs, the CLI or Step Functions, or of a rule of AWS IoT.
/// Lambda keeps its request id when it retries an asynchronous invocation, and nobody else does. An array brings an item for each element,
/// as AppSync's BatchInvoke sends them (docs.aws.amazon.com/appsync/latest/devguide/tutorial-lambda-resolvers.html), and is answered with
/// an array.
/// </summary>
internal sealed class DirectSource : EventSource
{
    public const string Direct = "direct";

    /// <summary>Elements. What a batch of Lambda has at most.</summary>
    private const int MaxElements = 10_000;

    public override string Name => Direct;

    public override IdLasts IdLasts => IdLasts.InAsynchronousRetries;

    public override string IdText => "Lambda's request id";

    public override IReadOnlyList<EventSample> Samples =>
    [
        new("direct", "Any other JSON: aws lambda invoke, Step Functions, the SDKs"),
        new("direct-iot", "A rule of AWS IoT: any JSON"),
        new("direct-array", "An array: an item for each element") { Answer = "an array of the handler's answers; else the report" },
    ];

    public override bool TryRead(JsonElement content, in Envelope outer, List<Item> items)
    {
        if (content.ValueKind != JsonValueKind.Array || content.GetArrayLength() == 0)
        {
            var malformed = outer.IsTop ? Imitation.OfBatch(content) : null;
            items.Add(new(outer, Name, outer.Id, content)
            {
                Unplayable = malformed is null ? null : $"it looks like a batch, but something in {malformed} has not the form of its kind",
            });
        }
        else if (content.GetArrayLength() > MaxElements)
        {
            var problem = $"the array has {content.GetArrayLength()} elements; {MaxElements} are taken";
            items.Add(new(outer, Name, outer.Id, content) { Unplayable = problem });
        }
        else
        {
            ReadElements(content, outer, items);
        }

        return true;
    }

    public override bool Answer(ByteBuffer answer, JsonElement root, IReadOnlyList<ItemAnswer> items, string requestId)
    {
        if (root.ValueKind != JsonValueKind.Array || !AnyGiven(items))
        {
            return base.Answer(answer, root, items, requestId);
        }

        answer.Append((byte)'[');
        for (var i = 0; i < items.Count; i++)
        {
            answer.Append(i > 0 ? ","u8 : ""u8).Append(items[i].Given ?? "null");
        }

        answer.Append((byte)']');
        return true;
    }

    /// <summary>
    /// An array says of nobody that he sent it: an element that only AWS may send, or that is for one route alone, is refused (C2.2).
    /// </summary>
    private void ReadElements(JsonElement content, in Envelope outer, List<Item> items)
    {
        var index = 0;
        foreach (var element in content.EnumerateArray())
        {
            var envelope = outer.Element(null, index++);
            var imitated = Imitation.Of(element, outer.RequestId);
            items.Add(new(envelope, Name, envelope.Id, element)
            {
                Unplayable = imitated is null ? null : Imitation.Refusal($"element {index - 1} of the array", imitated),
            });
        }
    }

    private static bool AnyGiven(IReadOnlyList<ItemAnswer> items)
    {
        foreach (var item in items)
        {
            if (item.Given is not null)
            {
                return true;
            }
        }

        return false;
    }
}
