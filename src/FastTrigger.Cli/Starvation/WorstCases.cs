using System.Text;
using FastTrigger.Cli.Samples;

namespace FastTrigger.Cli.Starvation;

/// <summary>
/// What a sender can make of each source: events of the largest size, full of what takes the most memory. Lambda takes 6 MB by synchronous
/// invocations and by event source mappings, and 1 MB by asynchronous ones
/// (docs.aws.amazon.com/lambda/latest/api/API_Invoke.html). Whoever may invoke the function may do so synchronously, so every source gets
/// 6 MB here.
/// </summary>
internal static class WorstCases
{
    public const int MaxBytes = 6 * 1024 * 1024;

    private const string Nested = "nested arrays";

    /// <summary>The longest text that is opened, and what gzip may hold at most.</summary>
    private const int MaxText = 1024 * 1024, MaxGzip = (4 * 1024 * 1024) - 4096;

    /// <summary>As many of those as fit into one event.</summary>
    private const int Texts = MaxBytes / MaxText;

    /// <summary>The largest batch of an event source mapping.</summary>
    private const int MaxRecords = 10_000;

    /// <summary>JSON objects of about a number of bytes, each expensive in a way of its own.</summary>
    private static readonly (string Form, Func<int, string> Make)[] s_contents =
    [
        ("empty arrays", bytes => List("[],", bytes)),
        (Nested, bytes => List(new string('[', 200) + new string(']', 200) + ",", bytes)),
        ("names with dots", bytes => $"{{{Numbered("\"a#.b.c\":1,", bytes)}\"last\":1}}"),
        ("escaped letters", bytes => $"{{\"text\":\"{Repeated("\\u00e4", bytes)}\"}}"),
        ("one string", bytes => $"{{\"text\":\"{new string('x', bytes)}\"}}"),
    ];

    /// <summary>The records with the fewest bytes that their sources recognise, with a number for #.</summary>
    private static readonly (string Sample, string Start, string Record, string End)[] s_smallest =
    [
        ("sqs", "{\"Records\":[", "{\"messageId\":\"#\",\"body\":\"{}\",\"eventSource\":\"aws:sqs\"},", "]}"),
        ("sns", "{\"Records\":[", """{"EventSource":"aws:sns","Sns":{"MessageId":"#","TopicArn":"a","Message":"{}"}},""", "]}"),
        ("kinesis", "{\"Records\":[",
            """{"eventID":"#","eventSource":"aws:kinesis","kinesis":{"sequenceNumber":"#","data":"e30="}},""", "]}"),
        ("dynamodb", "{\"Records\":[", """{"eventID":"#","eventSource":"aws:dynamodb","dynamodb":{"SequenceNumber":"#"}},""", "]}"),
        ("kafka", """{"eventSource":"aws:kafka","eventSourceArn":"a","records":{"t-0":[""",
            """{"topic":"t","partition":0,"offset":1#,"value":"e30="},""", "]}}"),
        ("mq", """{"eventSource":"aws:mq","eventSourceArn":"a","messages":[""", "{\"messageID\":\"#\",\"data\":\"e30=\"},", "]}"),
        ("firehose", """{"invocationId":"i","deliveryStreamArn":"a","records":[""", "{\"recordId\":\"#\",\"data\":\"e30=\"},", "]}"),
        ("pipes/sqs", "[", """{"messageId":"#","body":"{}","eventSource":"aws:sqs"},""", "]"),
    ];

    /// <summary>The sample itself first, and then whatever can be made of it.</summary>
    public static IEnumerable<WorstCase> Of(string name)
    {
        var sample = new GrowableSample(SampleEvents.Read(name));
        yield return new(name, WorstCase.AsItIs, Encoding.UTF8.GetBytes(sample.Text));
        foreach (var (form, make) in s_contents)
        {
            yield return Fit(name, form, bytes => sample.WithMember(make(bytes)), sample.IsCompressed ? MaxGzip : MaxBytes);
            // In texts they take what other brackets do, and a reader's time.
            if (sample.HasText && !sample.IsCompressed && form != Nested)
            {
                yield return Fit(name, "texts of " + form, bytes => sample.WithTexts(make(bytes), Texts), MaxText);
            }
        }

        if (sample.HasRecords)
        {
            yield return Fit(name, "records", bytes => sample.WithRecords(Math.Min(bytes / sample.RecordBytes, MaxRecords)), MaxBytes);
        }

        foreach (var (_, start, record, end) in s_smallest.Where(smallest => smallest.Sample == name))
        {
            yield return Fit(name, "smallest records", bytes => start + Numbered(record, bytes).TrimEnd(',') + end, MaxBytes);
            var many = MaxRecords * (record.Length + 6);
            yield return Fit(name, "10,000 smallest records", bytes => start + Numbered(record, bytes).TrimEnd(',') + end, many);
        }

        if (sample.IsCompressed)
        {
            yield return Fit(name, "log events", bytes => sample.WithLogEvents(Numbered("""{"id":"#","message":"{}"},""", bytes)), MaxGzip);
        }

        foreach (var pairs in sample.Pairs)
        {
            yield return Fit(name, pairs, bytes => sample.WithPairs(pairs, Numbered("\"a#\":[\"\"],", bytes)), MaxBytes);
        }

        if (sample.MayBeBase64)
        {
            yield return Fit(name, "base64 of text", bytes => sample.WithBody(new string('"', bytes / 4 * 3)), MaxBytes);
        }
    }

    /// <summary>The largest event of a form that Lambda takes.</summary>
    private static WorstCase Fit(string name, string form, Func<int, string> make, int bytes)
    {
        while (true)
        {
            var payload = Encoding.UTF8.GetBytes(make(bytes));
            if (payload.Length <= MaxBytes)
            {
                return new(name, form, payload);
            }

            bytes = (int)(bytes * 0.995 * MaxBytes / payload.Length);
        }
    }

    private static string List(string element, int bytes) => $"{{\"list\":[{Repeated(element, bytes)}0]}}";

    private static string Repeated(string text, int bytes) =>
        new StringBuilder(bytes).Insert(0, text, Math.Max(1, bytes / text.Length)).ToString();

    /// <summary>The text again and again, each time with another number for #.</summary>
    private static string Numbered(string text, int bytes)
    {
        var all = new StringBuilder(bytes);
        for (var i = 0; all.Length < bytes - text.Length - 12; i++)
        {
            all.Append(text.Replace("#", i.ToString("d6", provider: null), StringComparison.Ordinal));
        }

        return all.ToString();
    }
}
