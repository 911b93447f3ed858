namespace FastTrigger.Actions;

/// <summary>The ids that a message of AWS names, each as a whole: "The instance IDs 'i-1, i-12' do not exist".</summary>
internal static class NamedIds
{
    public static HashSet<string> In(string message)
    {
        var ids = new HashSet<string>();
        var start = -1;
        for (var i = 0; i <= message.Length; i++)
        {
            if (i < message.Length && (char.IsAsciiLetterOrDigit(message[i]) || message[i] == '-'))
            {
                start = start < 0 ? i : start;
            }
            else if (start >= 0)
            {
                ids.Add(message[start..i]);
                start = -1;
            }
        }

        return ids;
    }
}
