using System.Text.Json;

namespace FastTrigger.Fuzzing.Pairs;

/// <summary>Changes an event a little, so that it may no longer be what it was made for.</summary>
internal sealed class EventMutation(Random random, TestMaker tests, Spelling spelling)
{
    public void Change(JsonTree json, int times)
    {
        for (; times > 0; times--)
        {
            var all = json.All.ToArray();
            ChangeOne(all[random.Next(all.Length)], all);
        }
    }

    private void ChangeOne(JsonTree node, JsonTree[] all)
    {
        switch (random.Next(9))
        {
            case 0 when node.Scalar is not null:
                node.Become(JsonTree.Of(tests.Scalar()));
                break;
            case 1 when node.Scalar is ['"', .., '"'] text:
                using (var document = JsonDocument.Parse(text))
                {
                    var letters = document.RootElement.GetString()!;
                    node.Become(JsonTree.Of(spelling.Text(random.Next(2) == 0 ? letters + "x" : letters.ToUpperInvariant())));
                }

                break;
            case 2 when node.Members is { Count: > 0 } members:
                members.RemoveAt(random.Next(members.Count));
                break;
            case 3 when node.Items is { Count: > 0 } items:
                items.RemoveAt(random.Next(items.Count));
                break;
            case 4 when node != all[0]:
                node.Become(JsonTree.Array(node.Copy()));
                break;
            case 5 when node != all[0]:
                node.Become(random.Next(3) switch
                {
                    0 => JsonTree.Array(),
                    1 => JsonTree.Object(),
                    _ => JsonTree.Object((spelling.Text("a"), node.Copy())),
                });
                break;
            case 6 when node.Members is { Count: > 0 } members:
                // A name that is there twice.
                var (name, value) = members[random.Next(members.Count)];
                members.Insert(random.Next(members.Count + 1), (name, random.Next(2) == 0 ? value.Copy() : JsonTree.Of(tests.Scalar())));
                break;
            case 7 when node.Items is { } items:
                items.Insert(random.Next(items.Count + 1), all[1 + random.Next(Math.Max(1, all.Length - 1))].Copy());
                break;
            case 8 when node != all[0] && node.Scalar is null:
                node.Become(JsonTree.Of(tests.Scalar()));
                break;
            default:
                break;
        }
    }
}
