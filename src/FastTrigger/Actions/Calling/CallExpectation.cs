using System.Text;
using FastTrigger.Values;

namespace FastTrigger.Actions.Calling;

/// <summary>`expect`: the form of an acknowledgement.</summary>
internal sealed class CallExpectation(List<int> statuses, byte[] prefix, byte[] contains)
{
    public List<int> Statuses { get; } = statuses;

    public byte[] Prefix { get; } = prefix;

    public byte[] Contains { get; } = contains;

    public static CallExpectation None { get; } = new([], [], []);

    public bool NeedsText => Prefix.Length > 0 || Contains.Length > 0;

    public static CallExpectation Read(SettingReader settings)
    {
        var expectation = new CallExpectation(
            HttpSettings.ReadStatuses(settings, "status"),
            Encoding.UTF8.GetBytes(settings.String("prefix") ?? ""),
            Encoding.UTF8.GetBytes(settings.String("contains") ?? ""));
        if (expectation.Statuses.Count == 0 && !expectation.NeedsText)
        {
            settings.Problems.Add(settings.Node, "'expect' says at least one of status, prefix and contains");
        }

        return expectation;
    }

    public bool IsExpected(int status) => Statuses.Count == 0 ? status is >= 200 and < 300 : Statuses.Exists(known => known == status);

    public bool Holds(ReadOnlySpan<byte> text) => text.StartsWith(Prefix) && text.IndexOf(Contains) >= 0;
}
