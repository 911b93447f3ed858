using FastTrigger.Core;

namespace FastTrigger.Telemetry;

/// <summary>
/// The metrics of one invocation, as members of its log record in CloudWatch's embedded metric format
/// (docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html). What is zero is not
/// written. One serves one loop, and keeps its memory.
/// </summary>
/// <param name="function">The dimension FunctionName.</param>
internal sealed class InvocationMetrics(string function)
{
    /// <summary>The dimensions are bounded: of a batch that runs more actions, the rest is in the sums.</summary>
    private const int MaxActions = 20;

    /// <summary>How many values a metric of one record may have, and how many ids of failed calls are named.</summary>
    private const int MaxValues = 100, MaxFailures = 10;

    private static readonly string[] s_names =
    [
        "ColdStart", "InitDuration", "BatchSize", "Matched", "Unmatched", "Refused", "Duplicates", "Done", "Skipped", "Retry", "Failed",
        "AwsRetries", "Throttled",
    ];

    private readonly long[] _sums = new long[s_names.Length];
    private readonly List<long> _calls = [];
    private readonly List<string> _failures = [];
    private readonly List<ActionMetrics> _actions = [];
    private int _actionCount;

    /// <summary>How many records the metrics of actions need; the first one also has the sums.</summary>
    public int Records => _actionCount == 1 ? 1 : _actionCount + 1;

    /// <summary>Begins the next invocation.</summary>
    public void Clear()
    {
        Array.Clear(_sums);
        _calls.Clear();
        _failures.Clear();
        _actionCount = 0;
    }

    public void Add(MetricName metric, long value) => _sums[(int)metric] += value;

    /// <summary>Counts a call of AWS with all of its attempts.</summary>
    public void AddCall(long milliseconds) => AddValue(_calls, milliseconds);

    /// <summary>Counts an attempt of a call that failed.</summary>
    /// <param name="requestId">AWS's id of it; null for none.</param>
    public void AddFailure(string? requestId, bool isThrottled)
    {
        Add(MetricName.Throttled, isThrottled ? 1 : 0);
        if (requestId is not null && _failures.Count < MaxFailures)
        {
            _failures.Add(requestId);
        }
    }

    /// <summary>Counts an action.</summary>
    /// <param name="outcome">One of Done, Skipped, Retry and Failed.</param>
    public void AddAction(string route, string action, MetricName outcome, long milliseconds)
    {
        Add(outcome, 1);
        if (Find(route, action) is { } known)
        {
            known.Outcomes[outcome - MetricName.Done]++;
            AddValue(known.Durations, milliseconds);
        }
    }

    /// <summary>Writes the members of a record.</summary>
    /// <param name="record">From 0 to <see cref="Records"/>.</param>
    public void WriteTo(JsonBuilder json, int record, long unixMs)
    {
        var action = _actionCount == 1 ? _actions[0] : record > 0 ? _actions[record - 1] : null;
        json.Name("_aws").BeginObject().Member("Timestamp", unixMs).Name("CloudWatchMetrics").BeginArray();
        if (record == 0)
        {
            Begin(json).BeginArray().Text("FunctionName").EndArray().EndArray().Name("Metrics").BeginArray();
            for (var i = 0; i < _sums.Length; i++)
            {
                if (_sums[i] > 0)
                {
                    Declare(json, s_names[i], i == (int)MetricName.InitDuration);
                }
            }

            if (_calls.Count > 0)
            {
                Declare(json, "AwsCallDuration", isTime: true);
            }

            json.EndArray().EndObject();
        }

        if (action is not null)
        {
            Begin(json).BeginArray().Text("FunctionName").Text("Route").Text("Action").EndArray().EndArray().Name("Metrics").BeginArray();
            for (var i = 0; i < action.Outcomes.Length; i++)
            {
                if (action.Outcomes[i] > 0)
                {
                    Declare(json, s_names[i + (int)MetricName.Done], isTime: false);
                }
            }

            Declare(json, "ActionDuration", isTime: true);
            json.EndArray().EndObject();
        }

        json.EndArray().EndObject().Member("FunctionName", function);
        if (record == 0)
        {
            Write(json, _sums, 0);
            Write(json, "AwsCallDuration", _calls);
            WriteFailures(json);
        }
        else
        {
            Write(json, action!.Outcomes, (int)MetricName.Done);
        }

        if (action is not null)
        {
            json.Member("Route", action.Route).Member("Action", action.Action);
            Write(json, "ActionDuration", action.Durations);
        }
    }

    private void WriteFailures(JsonBuilder json)
    {
        if (_failures.Count == 0)
        {
            return;
        }

        json.Name("awsRequestIds").BeginArray();
        foreach (var id in _failures)
        {
            json.Text(id);
        }

        json.EndArray();
    }

    private static JsonBuilder Begin(JsonBuilder json) =>
        json.BeginObject().Member("Namespace", "FastTrigger").Name("Dimensions").BeginArray();

    private static void Declare(JsonBuilder json, string name, bool isTime) =>
        json.BeginObject().Member("Name", name).Member("Unit", isTime ? "Milliseconds" : "Count").EndObject();

    private static void Write(JsonBuilder json, ReadOnlySpan<long> values, int first)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i] > 0)
            {
                json.Member(s_names[first + i], values[i]);
            }
        }
    }

    private static void Write(JsonBuilder json, string name, List<long> values)
    {
        if (values.Count == 0)
        {
            return;
        }

        json.Name(name).BeginArray();
        foreach (var value in values)
        {
            json.Number(value);
        }

        json.EndArray();
    }

    private static void AddValue(List<long> values, long value)
    {
        if (values.Count < MaxValues)
        {
            values.Add(value);
        }
    }

    /// <summary>Null when there are too many.</summary>
    private ActionMetrics? Find(string route, string action)
    {
        for (var i = 0; i < _actionCount; i++)
        {
            if (_actions[i].Route == route && _actions[i].Action == action)
            {
                return _actions[i];
            }
        }

        if (_actionCount == MaxActions)
        {
            return null;
        }

        if (_actionCount == _actions.Count)
        {
            _actions.Add(new());
        }

        var next = _actions[_actionCount++];
        (next.Route, next.Action) = (route, action);
        next.Durations.Clear();
        Array.Clear(next.Outcomes);
        return next;
    }

    /// <summary>What an action of a route did.</summary>
    private sealed class ActionMetrics
    {
        public string Route { get; set; } = "";

        public string Action { get; set; } = "";

        /// <summary>Done, Skipped, Retry and Failed.</summary>
        public long[] Outcomes { get; } = new long[4];

        public List<long> Durations { get; } = [];
    }
}
