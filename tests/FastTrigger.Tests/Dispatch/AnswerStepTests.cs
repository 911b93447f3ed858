using FastTrigger.Core;
using FastTrigger.Dispatch;
using FastTrigger.Events;
using FastTrigger.Telemetry;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.Dispatch;

/// <summary>The fence of the answer: what a handler gave and cannot be written costs its record.</summary>
public sealed class AnswerStepTests
{
    [Fact]
    public void An_answer_that_cannot_be_written_with_what_a_handler_gave_is_written_without_it()
    {
        var source = new FaultySource(static items => items.Any(static item => item.Given is not null));
        var work = Work(source, "first", null, "third");
        var answer = new ByteBuffer();
        var result = Step().Run(work, answer);
        Assert.Null(result.Error);
        Assert.Equal("failed,done,failed", answer.ToString());
        Assert.All(work.Items, static item => Assert.Null(item.Given));
        Assert.Equal([true, false, true], work.Items.Select(static item => item.Error is not null));
        Assert.Equal(
            "InvalidOperationException: a bug with a text. It happened while answering for this record, and is a fault of FastTrigger; "
            + "please report it",
            work.Items[0].Error!.Message);
    }

    [Fact]
    public void An_answer_that_cannot_be_written_at_all_makes_the_invocation_an_error()
    {
        var work = Work(new FaultySource(static _ => true), "given");
        var answer = new ByteBuffer();
        var result = Step().Run(work, answer);
        Assert.Equal("Function.Unhandled", result.Error!.Type);
        Assert.Equal(
            "InvalidOperationException while the answer was written: this is a fault of FastTrigger, please report it",
            result.Error.Message);
        Assert.Equal(0, answer.Length);
    }

    private static AnswerStep Step()
    {
        var table = RoutesText.Read(RouterFixture.Route("""{"check-website":{"url":"https://example.com/"}}"""), out _);
        var log = new Log(json: true, LogLevel.Fatal, Clock.System);
        return new(TestEnvironment.Settings(), new(log, Clock.System, new(table!)));
    }

    private static DeliveryWork Work(EventSource source, params string?[] given)
    {
        ItemResult[] items =
        [
            .. given.Select(static text => new ItemResult(Items.Read(RouterFixture.Event("{}")))
            {
                IsStarted = true,
                Outcome = ItemOutcome.Done,
                Given = text,
            }),
        ];
        return new()
        {
            Invocation = Items.Invocation("{}"),
            Delivery = new([.. items.Select(static item => item.Item)], source, BatchForm.Answered, default),
            Items = items,
            End = Deadline.In(Clock.System, 1_000),
            StartedMs = Clock.System.MonotonicMs,
        };
    }

    /// <summary>Writes something, and then perhaps throws.</summary>
    private sealed class FaultySource(Func<IReadOnlyList<ItemAnswer>, bool> isFaulty) : EventSource
    {
        public override string Name => "faulty";

        public override string IdText => "";

        public override IReadOnlyList<EventSample> Samples => [];

        public override bool TryRead(JsonElement content, in Envelope outer, List<Item> items) => false;

        public override bool Answer(ByteBuffer answer, JsonElement root, IReadOnlyList<ItemAnswer> items, string requestId)
        {
            answer.Append(string.Join(',', items.Select(static item => item.Name)));
            return isFaulty(items) ? throw new InvalidOperationException("a bug with a text") : true;
        }
    }
}
