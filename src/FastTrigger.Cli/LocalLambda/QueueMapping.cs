using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using FastTrigger.Cli.LocalAws;

namespace FastTrigger.Cli.LocalLambda;

/// <summary>How an event source mapping reads its queue.</summary>
/// <param name="Window">How long a batch is gathered.</param>
/// <param name="Pollers">The batches that are invoked at the same time at first.</param>
/// <param name="MorePollersPerMinute">How many more each minute while messages are left.</param>
/// <param name="Visibility">The time after which a message that was not done comes again.</param>
/// <param name="MaxReceives">How often a message is delivered before it goes to the dead letters.</param>
internal sealed record QueueMappingSettings(
    string Arn,
    int BatchSize,
    TimeSpan Window,
    int Pollers,
    int MorePollersPerMinute,
    TimeSpan Visibility,
    int MaxReceives);

/// <summary>What became of a message.</summary>
/// <param name="RetryDelay">The time in which it was invisible after a failure.</param>
/// <param name="Error">The error type, or that it was not done; null when it was done.</param>
internal sealed record MessageOutcome(IReadOnlyList<InvocationOutcome> Outcomes, TimeSpan RetryDelay, string? Error);

/// <summary>
/// Lambda's mapping of a standard queue (docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html). Pollers gather batches and invoke
/// the function with them. What a partial answer lists, or all of a failed batch, comes again after the visibility timeout. A batch that
/// finds no environment is tried again, after delays as those of asynchronous invocations.
/// </summary>
internal sealed class QueueMapping : IAsyncDisposable
{
    /// <summary>The maximum of concurrent invocations of one mapping.</summary>
    private const int MaxPollers = 1_250;

    private const int MaxBatchBytes = 6 * 1024 * 1024;

    private static readonly TimeSpan s_firstThrottleDelay = TimeSpan.FromSeconds(1), s_maxThrottleDelay = TimeSpan.FromMinutes(5);

    private readonly LocalFunction _function;
    private readonly QueueMappingSettings _settings;
    private readonly Channel<Message> _queue = Channel.CreateUnbounded<Message>();
    private readonly Lock _receiving = new();
    private readonly CancellationTokenSource _end = new();
    private readonly List<Task> _pollers = [];
    private readonly ConcurrentQueue<InvocationOutcome> _invocations = new();
    private readonly Task _growth;
    private int _received;

    public QueueMapping(LocalFunction function, QueueMappingSettings settings)
    {
        _function = function;
        _settings = settings;
        for (var i = 0; i < settings.Pollers; i++)
        {
            _pollers.Add(Task.Run(PollAsync));
        }

        _growth = Task.Run(GrowAsync);
    }

    /// <summary>All invocations, also those that found no environment.</summary>
    public IReadOnlyCollection<InvocationOutcome> Invocations => _invocations;

    /// <summary>How often a message was received.</summary>
    public int Received => _received;

    /// <summary>Sends a message. The task ends when it is done, or has gone to the dead letters.</summary>
    public Task<MessageOutcome> SendAsync(string body)
    {
        var message = new Message(body);
        _queue.Writer.TryWrite(message);
        return message.Completion.Task;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _growth;
        await Task.WhenAll(_pollers);
        _end.Dispose();
    }

    private async Task GrowAsync()
    {
        if (_settings.MorePollersPerMinute == 0)
        {
            return;
        }

        using var timer = new PeriodicTimer(TimeSpan.FromMinutes(1) / _settings.MorePollersPerMinute);
        try
        {
            while (_pollers.Count < MaxPollers && await timer.WaitForNextTickAsync(_end.Token))
            {
                if (_queue.Reader.Count > 0)
                {
                    _pollers.Add(Task.Run(PollAsync));
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The mapping ends.
        }
    }

    private async Task PollAsync()
    {
        try
        {
            while (true)
            {
                var batch = await GatherAsync();
                try
                {
                    await DeliverAsync(batch);
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    // The sender gets it: nobody waits for a poller before the end.
                    batch.ForEach(message => message.Completion.TrySetException(e));
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The mapping ends.
        }
    }

    private async Task<List<Message>> GatherAsync()
    {
        var batch = new List<Message> { await _queue.Reader.ReadAsync(_end.Token) };
        var (bytes, started) = (batch[0].Body.Length, Stopwatch.GetTimestamp());
        while (batch.Count < _settings.BatchSize)
        {
            lock (_receiving)
            {
                while (batch.Count < _settings.BatchSize
                    && _queue.Reader.TryPeek(out var next)
                    && bytes + next.Body.Length < MaxBatchBytes
                    && _queue.Reader.TryRead(out var message))
                {
                    batch.Add(message);
                    bytes += message.Body.Length;
                }
            }

            var left = _settings.Window - Stopwatch.GetElapsedTime(started);
            if (left <= TimeSpan.Zero || _queue.Reader.Count > 0 || !await HasMoreWithinAsync(left))
            {
                break;
            }
        }

        return batch;
    }

    private async Task<bool> HasMoreWithinAsync(TimeSpan time)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
        limit.CancelAfter(time);
        try
        {
            return await _queue.Reader.WaitToReadAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!_end.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task DeliverAsync(List<Message> batch)
    {
        Interlocked.Add(ref _received, batch.Count);
        batch.ForEach(static message => message.Receives++);
        var payload = Payload(batch);
        var delay = s_firstThrottleDelay;
        while (true)
        {
            var outcome = await _function.InvokeAsync(payload);
            _invocations.Enqueue(outcome);
            batch.ForEach(message => message.Outcomes.Add(outcome));
            if (!outcome.IsThrottled)
            {
                Settle(batch, outcome);
                return;
            }

            await Task.Delay(delay * (1 - (Random.Shared.NextDouble() / 2)), _end.Token);
            delay = delay * 2 < s_maxThrottleDelay ? delay * 2 : s_maxThrottleDelay;
        }
    }

    private void Settle(List<Message> batch, InvocationOutcome outcome)
    {
        var notDone = NotDone(outcome);
        foreach (var message in batch)
        {
            if (notDone?.Contains(message.Id) == false)
            {
                message.End(null);
            }
            else if (message.Receives >= _settings.MaxReceives)
            {
                message.End(outcome.ErrorType ?? "BatchItemFailure");
            }
            else
            {
                _ = ComeAgainAsync(message);
            }
        }
    }

    private async Task ComeAgainAsync(Message message)
    {
        var failed = Stopwatch.GetTimestamp();
        await Task.Delay(_settings.Visibility);
        message.RetryDelay += Stopwatch.GetElapsedTime(failed);
        _queue.Writer.TryWrite(message);
    }

    /// <summary>The ids of a partial answer; null when all of the batch failed.</summary>
    private static HashSet<string>? NotDone(InvocationOutcome outcome)
    {
        if (outcome.IsError)
        {
            return null;
        }

        try
        {
            var failures = (JsonNode.Parse(outcome.Payload) as JsonObject)?["batchItemFailures"] as JsonArray ?? [];
            return [.. failures.Select(static failure => (failure as JsonObject).OptionalText("itemIdentifier") ?? "")];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    /// <summary>The event of a batch. It has only the escapes that JSON requires, so that ids in a body are found in it.</summary>
    private byte[] Payload(List<Message> batch) => Encoding.UTF8.GetBytes(
        new JsonObject { ["Records"] = new JsonArray([.. batch.Select(Record)]) }.ToJsonString(ReadableJson.OneLine));

    private JsonNode Record(Message message) => new JsonObject
    {
        ["messageId"] = message.Id,
        ["receiptHandle"] = message.Id,
        ["body"] = message.Body,
        ["attributes"] = new JsonObject
        {
            ["ApproximateReceiveCount"] = message.Receives.ToString(CultureInfo.InvariantCulture),
            ["SentTimestamp"] = message.Sent,
            ["SenderId"] = "events.amazonaws.com",
            ["ApproximateFirstReceiveTimestamp"] = message.Sent,
        },
        ["messageAttributes"] = new JsonObject(),
        ["md5OfBody"] = MessageChecksum.OfBody(message.Body),
        ["eventSource"] = "aws:sqs",
        ["eventSourceARN"] = _settings.Arn,
        ["awsRegion"] = _function.Settings.Region,
    };

    private sealed class Message(string body)
    {
        public string Id { get; } = Guid.NewGuid().ToString();

        public string Body => body;

        public string Sent { get; } = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);

        public int Receives { get; set; }

        public List<InvocationOutcome> Outcomes { get; } = [];

        public TimeSpan RetryDelay { get; set; }

        public TaskCompletionSource<MessageOutcome> Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void End(string? error) => Completion.TrySetResult(new(Outcomes, RetryDelay, error));
    }
}
