using FastTrigger.Core;

namespace FastTrigger.Telemetry;

/// <summary>
/// Writes each record as one line, with one write to standard output. AWS_LAMBDA_LOG_FORMAT chooses JSON or text
/// (docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-advanced.html). Never pass payloads or secrets to it.
/// </summary>
/// <param name="redacted">The names of fields whose texts are not written; null for none.</param>
/// <param name="debugShare">How many of a million invocations write records below INFO.</param>
internal sealed class Log(
    bool json, LogLevel level, Clock clock, int descriptor = 1, IReadOnlyList<string>? redacted = null, int debugShare = Log.All)
{
    /// <summary>The fields that can be redacted: those that say in words what an event, AWS, a server or a handler said.</summary>
    public static readonly string[] RedactableFields =
        ["detail", "error", "hint", "instanceId", "item", "output", "reason", "source", "tenantId", "unmatched"];

    /// <summary>CloudWatch takes metrics of records up to 256 KB, and escapes make a character up to six bytes.</summary>
    private const int MaxText = 16 * 1024;

    /// <summary>The share of all invocations, in millionths.</summary>
    public const int All = 1_000_000;

    private readonly ByteBuffer _line = new(512);

    /// <summary>The level of what is no message, and must not be filtered out.</summary>
    private LogLevel Passing => level > LogLevel.Info ? level : LogLevel.Info;

    /// <param name="requestId">The invocation's; null for what belongs to none.</param>
    public bool Writes(LogLevel wanted, string? requestId = null) =>
        wanted >= level && (wanted >= LogLevel.Info || requestId is null || IsSampled(requestId));

    public void Write(LogLevel at, string? requestId, string message, params ReadOnlySpan<LogField> fields)
    {
        if (!Writes(at, requestId))
        {
            return;
        }

        // All invocation loops write to standard output. A record must not split another.
        lock (_line)
        {
            _line.Clear();
            if (json)
            {
                WriteJson(at, requestId, message, fields);
            }
            else
            {
                WriteText(at, requestId, message, fields);
            }

            Libc.WriteAll(descriptor, _line.Append((byte)'\n').Span);
        }
    }

    /// <summary>
    /// Writes the record of an invocation, with its metrics. Those are written at any log level; what Lambda would filter out has the level
    /// that it lets pass (docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html).
    /// </summary>
    /// <param name="trace">The id of the trace; empty for none.</param>
    /// <param name="metrics">Null for none.</param>
    public void WriteInvocation(
        LogLevel at,
        string requestId,
        ReadOnlySpan<byte> trace,
        InvocationMetrics? metrics,
        params ReadOnlySpan<LogField> fields)
    {
        const string Message = "invocation";
        // All records with one write.
        lock (_line)
        {
            var line = _line.Clear();
            if (!json && Writes(at))
            {
                WriteText(at, requestId, Message, trace.IsEmpty ? [] : [("traceId", System.Text.Encoding.UTF8.GetString(trace))]);
                WriteTextFields(fields);
                line.Append((byte)'\n');
            }

            var records = metrics?.Records ?? (json && Writes(at) ? 1 : 0);
            for (var i = 0; i < records; i++)
            {
                var isWhole = json && i == 0 && Writes(at);
                var record = BeginJson(isWhole ? at : Passing, requestId, isWhole ? Message : "metrics");
                if (isWhole)
                {
                    _ = trace.IsEmpty ? record : record.Name("traceId").Utf8Text(trace);
                    WriteFields(record, fields);
                }

                metrics?.WriteTo(record, i, clock.UnixMs);
                record.EndObject();
                line.Append((byte)'\n');
            }

            if (line.Length > 0)
            {
                Libc.WriteAll(descriptor, line.Span);
            }
        }
    }

    /// <summary>
    /// Writes metrics in CloudWatch's embedded metric format: always as JSON and at any log level
    /// (docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html).
    /// </summary>
    /// <param name="fields">
    /// A field whose name starts with a capital letter is a dimension. The metric is there for all of them, and for all but the last.
    /// </param>
    public void WriteMetrics(string requestId, string message, IReadOnlyList<Metric> metrics, params ReadOnlySpan<LogField> fields)
    {
        lock (_line)
        {
            _line.Clear();
            var json = BeginJson(Passing, requestId, message).Name("_aws").BeginObject().Member("Timestamp", clock.UnixMs)
                .Name("CloudWatchMetrics").BeginArray().BeginObject().Member("Namespace", "FastTrigger")
                .Name("Dimensions").BeginArray();
            WriteDimensions(json, fields, isWhole: false);
            WriteDimensions(json, fields, isWhole: true);
            json.EndArray().Name("Metrics").BeginArray();
            foreach (var metric in metrics)
            {
                json.BeginObject().Member("Name", metric.Name).Member("Unit", metric.Unit).EndObject();
            }

            json.EndArray().EndObject().EndArray().EndObject();
            foreach (var metric in metrics)
            {
                json.Member(metric.Name, metric.Value);
            }

            WriteFields(json, fields);
            json.EndObject();
            Libc.WriteAll(descriptor, _line.Append((byte)'\n').Span);
        }
    }

    private static void WriteDimensions(JsonBuilder json, ReadOnlySpan<LogField> fields, bool isWhole)
    {
        json.BeginArray();
        for (var i = 0; i < fields.Length && IsDimension(fields[i]); i++)
        {
            if (isWhole || (i + 1 < fields.Length && IsDimension(fields[i + 1])))
            {
                json.Text(fields[i].Name);
            }
        }

        json.EndArray();

        static bool IsDimension(LogField field) => char.IsAsciiLetterUpper(field.Name[0]);
    }

    /// <summary>The same for all records of an invocation, and for Lambda's retries of it, which keep its id.</summary>
    private bool IsSampled(string requestId)
    {
        if (debugShare == All)
        {
            return true;
        }

        // FNV-1a (www.rfc-editor.org/rfc/rfc9923).
        var hash = 2_166_136_261u;
        foreach (var letter in requestId)
        {
            hash = (hash ^ letter) * 16_777_619;
        }

        return hash % All < debugShare;
    }

    private static ReadOnlySpan<byte> Name(LogLevel level) => level switch
    {
        LogLevel.Trace => "TRACE"u8,
        LogLevel.Debug => "DEBUG"u8,
        LogLevel.Info => "INFO"u8,
        LogLevel.Warn => "WARN"u8,
        LogLevel.Error => "ERROR"u8,
        _ => "FATAL"u8,
    };

    private void WriteJson(LogLevel at, string? requestId, string message, ReadOnlySpan<LogField> fields)
    {
        var json = BeginJson(at, requestId, message);
        WriteFields(json, fields);
        json.EndObject();
    }

    private JsonBuilder BeginJson(LogLevel at, string? requestId, string message)
    {
        var json = new JsonBuilder(_line);
        _line.Append("{\"timestamp\":"u8);
        _line.Append((byte)'"').AppendIso(clock.UnixMs).Append("\",\"level\":\""u8).Append(Name(at)).Append((byte)'"');
        json.Member("message", message);
        if (requestId is not null)
        {
            json.Member("requestId", requestId);
        }

        return json;
    }

    private string Shown(in LogField field) =>
        redacted?.Has(field.Name) == true ? "(redacted)"
        : field.Text!.Length <= MaxText ? field.Text
        : string.Concat(field.Text.AsSpan(0, MaxText), " (cut)");

    private void WriteFields(JsonBuilder json, ReadOnlySpan<LogField> fields)
    {
        foreach (var field in fields)
        {
            if (field.Name is null)
            {
                continue;
            }

            if (field.IsFlag)
            {
                json.Name(field.Name).Boolean(true);
            }
            else if (field.Text is null)
            {
                json.Member(field.Name, field.Number);
            }
            else
            {
                json.Member(field.Name, Shown(field));
            }
        }
    }

    private void WriteText(LogLevel at, string? requestId, string message, ReadOnlySpan<LogField> fields)
    {
        _line.AppendIso(clock.UnixMs).Append((byte)' ').Append(Name(at));
        if (requestId is not null)
        {
            _line.Append((byte)' ').Append(requestId);
        }

        AppendEscaped(_line.Append((byte)' '), message);
        WriteTextFields(fields);
    }

    private void WriteTextFields(ReadOnlySpan<LogField> fields)
    {
        foreach (var field in fields)
        {
            if (field.Name is null)
            {
                continue;
            }

            _line.Append((byte)' ').Append(field.Name).Append((byte)'=');
            if (field.IsFlag)
            {
                _line.Append("true"u8);
            }
            else if (field.Text is null)
            {
                _line.Append(field.Number);
            }
            else
            {
                AppendEscaped(_line.Append((byte)'"'), Shown(field)).Append((byte)'"');
            }
        }
    }

    /// <summary>
    /// Escapes what a log viewer does not show as it is, so that event text never looks like a record of its own (C7.2).
    /// </summary>
    private static ByteBuffer AppendEscaped(ByteBuffer line, string text)
    {
        var start = 0;
        for (int at; (at = JsonBuilder.NextToEscape(text, start)) < text.Length; start = at + 1)
        {
            var letter = text[at];
            line.Append(text.AsSpan(start, at - start));
            if (letter is '"' or '\\')
            {
                line.Append((byte)'\\').Append((byte)letter);
            }
            else
            {
                line.Append("\\u"u8).AppendHex([(byte)(letter >> 8), (byte)letter]);
            }
        }

        return line.Append(text.AsSpan(start));
    }
}
