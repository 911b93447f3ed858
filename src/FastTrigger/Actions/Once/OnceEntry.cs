using System.Globalization;
using System.Text;
using System.Text.Json;
using FastTrigger.Aws;
using FastTrigger.Aws.DynamoDb;
using FastTrigger.Core;
using FastTrigger.Json;
using FastTrigger.Telemetry;

namespace FastTrigger.Actions.Once;

/// <summary>
/// An entry of the act-once table (C4.3), in the layout of the Powertools for AWS Lambda: id, status (INPROGRESS, COMPLETED), expiration
/// (seconds, the table's TTL attribute), in_progress_expiration (milliseconds) and data (the result); and its holder and start.
/// A conditional write takes it, for the time of a lease that is renewed. A holder that dies leaves it in progress; when the lease is over,
/// another one takes it over.
/// </summary>
internal sealed class OnceEntry : IDisposable
{
    /// <summary>SQS keeps a message for 14 days, so no event comes again after 15.</summary>
    private const long KeptSeconds = 15 * 24 * 3600;

    /// <summary>A holder reports before its deadline and renews before its lease ends; one that has not by then is dead.</summary>
    private const long GraceMs = 5_000;

    /// <summary>The outcome is recorded even after the deadline: the reserve of the invocation's time is enough for this.</summary>
    private const int CloseMs = 100;

    internal const string Completed = "COMPLETED";

    private const string InProgress = "INPROGRESS";

    private readonly ActionContext _context;
    private readonly DynamoDbClient _table;
    private readonly OnceLease _lease;
    private readonly string _key, _holder;

    private OnceEntry(ActionContext context, string key)
    {
        _context = context;
        _table = new(context.Aws, context.Settings.Region);
        _key = key;
        _holder = OnceSetting.NewId();
        _lease = new(context, Renew);
    }

    /// <summary>Whether an earlier holder had it and recorded no outcome.</summary>
    public bool IsTakenOver { get; private set; }

    /// <summary>When the first holder started, milliseconds since 1970.</summary>
    public long StartedMs { get; private set; }

    /// <summary>Takes the entry of a key; null with the result when the action must not be carried out now.</summary>
    public static OnceEntry? Take(ActionContext context, string key, out ActionResult end)
    {
        end = default;
        var entry = new OnceEntry(context, key);
        if (context.DryRun)
        {
            // The entry is only read, to report what has been done already.
            return entry.Look(out end) ? entry : null;
        }

        for (var attempt = 0; attempt < 3; attempt++)
        {
            var failure = entry._table.PutItem(entry.WriteFirst, context.Deadline);
            if (failure is null)
            {
                return entry.Hold();
            }

            // A write whose response was lost may have taken effect.
            if (failure.Code != DynamoDbClient.ConditionFailed && !failure.IsUnknown)
            {
                end = failure.Result("the act-once table: PutItem");
                return null;
            }

            if (entry.Look(out end))
            {
                return entry.Hold();
            }

            if (end.Detail is not null)
            {
                return null;
            }
        }

        end = ActionResult.Retry("the act-once table's entry changes all the time");
        return null;
    }

    /// <summary>
    /// Records the outcome of the action. An action that may be repeated leaves no entry. One that may have taken effect stays in progress,
    /// so that the next holder looks into it.
    /// </summary>
    public ActionResult Close(ActionResult result)
    {
        if (_context.DryRun)
        {
            return result;
        }

        _lease.Dispose();
        var isOpen = result.Outcome == Outcome.Retry || (result.Outcome == Outcome.Failed && !result.MayHaveRun);
        if (isOpen && result.MayHaveRun)
        {
            return result;
        }

        var isLate = _context.Deadline.RemainingMs is >= 0 and < CloseMs;
        var deadline = isLate ? Deadline.In(_context.Settings.Clock, CloseMs) : _context.Deadline;
        var failure = isOpen
            ? _table.DeleteItem(Table, _key, IsMine, deadline)
            : _table.PutItem(writer => DynamoDbClient.WritePut(writer, Table, CompletedItem(result), IsMine), deadline);
        if (failure is not null && failure.Code != DynamoDbClient.ConditionFailed)
        {
            // The entry stays in progress, so the next holder looks into it.
            _context.Log.Write(
                LogLevel.Warn,
                _context.Invocation.RequestId,
                "the outcome could not be recorded in the act-once table",
                ("route", _context.RouteName),
                ("reason", failure.Reason));
        }

        return result;
    }

    /// <summary>Ends the lease of an entry that <see cref="Close"/> did not close. It stays in progress until then.</summary>
    public void Dispose() => _lease.Dispose();

    private string Table => _context.Settings.OnceTable!;

    /// <summary>The time as AWS has it, because the environments that share the table need not have the same.</summary>
    private long NowMs => _context.Shared.NowMs;

    private Condition IsMine => new("#h = :me", [("#h", "holder")], [new(":me", "S", _holder)]);

    /// <summary>Begins the work of a holder.</summary>
    private OnceEntry Hold()
    {
        _lease.Start();
        return this;
    }

    /// <summary>False when the entry has another holder or is complete. A table that does not answer may do so the next time.</summary>
    private bool Renew(AwsCaller aws, Deadline deadline)
    {
        var held = new Condition(
            "#h = :me AND #s = :inprogress",
            [("#h", "holder"), ("#s", "status")],
            [new(":me", "S", _holder), new(":inprogress", "S", InProgress)]);
        var table = new DynamoDbClient(aws, _context.Settings.Region);
        var failure = table.PutItem(writer => DynamoDbClient.WritePut(writer, Table, InProgressItem(), held), deadline);
        return failure?.Code != DynamoDbClient.ConditionFailed;
    }

    /// <summary>The entry is absent or has expired, or it is unchanged since it was read and its holder's time is over.</summary>
    private Condition MayTake()
    {
        var now = NowMs;
        return IsTakenOver
            ? new(
                "#s = :inprogress AND in_progress_expiration < :ms",
                [("#s", "status")],
                [new(":inprogress", "S", InProgress), new(":ms", "N", Text(now))])
            : new("attribute_not_exists(id) OR expiration < :now", [], [new(":now", "N", Text(now / 1000))]);
    }

    /// <summary>True when the entry is ours, or free in a dry run; else the result, or none when another try may succeed.</summary>
    private bool Look(out ActionResult end)
    {
        end = default;
        if (_table.GetItem(Table, _key, _context.Deadline, out var item) is { } failure)
        {
            end = failure.Result("the act-once table: GetItem");
            return false;
        }

        if (item.IsMissing())
        {
            IsTakenOver = false;
            return _context.DryRun;
        }

        var now = NowMs;
        if (DynamoDbClient.Text(item, "status"u8) == Completed)
        {
            end = Recorded(DynamoDbClient.Text(item, "data"u8));
            return false;
        }

        StartedMs = Number(item, "started"u8) ?? StartedMs;
        // The response to our own write was lost, but it took effect.
        if (DynamoDbClient.Text(item, "holder"u8) == _holder)
        {
            return true;
        }

        if (Number(item, "in_progress_expiration"u8) is { } until && until >= now)
        {
            end = ActionResult.Retry($"another delivery of the same event is at work on it, for {(until - now) / 1000} s at most");
            return false;
        }

        IsTakenOver = true;
        return _context.DryRun;
    }

    private void WriteFirst(JsonBuilder writer)
    {
        StartedMs = IsTakenOver ? StartedMs : NowMs;
        DynamoDbClient.WritePut(writer, Table, InProgressItem(), MayTake());
    }

    private List<AttributeValue> InProgressItem()
    {
        var now = NowMs;
        var lease = Math.Clamp(_context.Deadline.RemainingMs, 0, OnceLease.LeaseMs);
        return
        [
            new("id", "S", _key),
            new("status", "S", InProgress),
            new("expiration", "N", Text((now / 1000) + KeptSeconds)),
            new("in_progress_expiration", "N", Text(now + lease + GraceMs)),
            new("holder", "S", _holder),
            new("started", "N", Text(StartedMs)),
        ];
    }

    private List<AttributeValue> CompletedItem(ActionResult result)
    {
        var data = new ByteBuffer();
        var json = new JsonBuilder(data).BeginObject()
            .Member("outcome", result.OutcomeName)
            .Member("detail", result.Detail);
        if (result.CommandId is { } id)
        {
            json.Member("commandId", id);
        }

        json.EndObject();
        return
        [
            new("id", "S", _key),
            new("status", "S", Completed),
            new("expiration", "N", Text((NowMs / 1000) + KeptSeconds)),
            new("holder", "S", _holder),
            new("started", "N", Text(StartedMs)),
            new("data", "S", data.ToString()),
        ];
    }

    /// <summary>The recorded outcome is the result of every later delivery.</summary>
    private static ActionResult Recorded(string? data)
    {
        var document = data is null ? null : EventJson.Parse(Encoding.UTF8.GetBytes(data), out _);
        var root = document?.RootElement ?? default;
        var detail = root.Text("detail"u8) ?? "the act-once table says no more";
        var result = root.Text("outcome"u8) switch
        {
            "failed" => ActionResult.Failed($"already tried: {detail}"),
            "skipped" => ActionResult.Skipped($"already decided: {detail}"),
            _ => ActionResult.Done($"already done: {detail}"),
        };
        return result with { CommandId = root.Text("commandId"u8), WasDoneBefore = true };
    }

    internal static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static long? Number(JsonElement item, ReadOnlySpan<byte> name)
    {
        var text = DynamoDbClient.Text(item, name);
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}
