using FastTrigger.Configuration;
using FastTrigger.Core;
using FastTrigger.Events;
using FastTrigger.Runtime;

namespace FastTrigger.Dispatch;

/// <summary>
/// Writes the source's own answer from the outcomes alone, or makes the invocation an error.
/// </summary>
internal sealed class AnswerStep(Settings settings, InvocationRecord record)
{
    /// <summary>Most deliveries bring one item.</summary>
    private readonly ItemAnswer[] _single = new ItemAnswer[1];

    public InvocationResult Run(DeliveryWork work, ByteBuffer answer)
    {
        var error = Outcomes.ErrorOf(work.Items);
        var form = work.Delivery.Form;
        var isPartial = settings.PartialBatch && BatchAnswer.IsPossible(work);
        var undone = 0;
        RuntimeError? fault = null;
        if (isPartial || (error is null && work.Delivery.WindowState is not null))
        {
            undone = BatchAnswer.Write(answer, work);
        }
        else if (error is null || form == BatchForm.Answered)
        {
            fault = Write(work, answer);
            // An item keeps its event's document, and two large ones do not fit into the heap.
            Array.Clear(_single);
        }

        record.Take(work.Invocation, work.StartedMs, work, fault ?? error, undone);
        // Whoever gets an answer of its own reads the outcomes there.
        error = fault ?? (isPartial || form == BatchForm.Answered ? null : error);
        var message = error is null ? "" : work.Delivery.Source.RedactError(error.Message, work.Invocation.RequestId);
        return new(error is null ? null : error with { Message = message }, work.MustExit);
    }

    /// <summary>An invocation that brought no event that could be read.</summary>
    public InvocationResult Refuse(Invocation invocation, long startedMs, RuntimeError error)
    {
        record.Take(invocation, startedMs, null, error, 0);
        return new(error);
    }

    /// <summary>Null when the answer is written. What C# handlers gave is the one thing in it that is not known to be right.</summary>
    private RuntimeError? Write(DeliveryWork work, ByteBuffer answer)
    {
        var items = work.Items.Length == 1 ? _single : new ItemAnswer[work.Items.Length];
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = work.Items[i].Answer;
        }

        for (var attempt = 0; ; attempt++)
        {
            try
            {
                if (!work.Delivery.Source.Answer(answer, work.Delivery.Root, items, work.Invocation.RequestId))
                {
                    Report.Write(answer, work);
                }

                return null;
            }
            // The fence: one record's answer that cannot be written is that record's failure. Without what handlers gave nothing else is
            // lost.
            catch (Exception e) when (attempt == 0 && e is not OutOfMemoryException)
            {
                answer.Clear();
                for (var i = 0; i < items.Length; i++)
                {
                    if (items[i].Given is not null)
                    {
                        work.Items[i].Fault("answering for", e);
                        work.Items[i].Given = null;
                        items[i] = work.Items[i].Answer;
                    }
                }
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                answer.Clear();
                return new(
                    "Function.Unhandled",
                    $"{e.GetType().Name} while the answer was written: this is a fault of FastTrigger, please report it");
            }
        }
    }
}
