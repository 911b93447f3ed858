namespace FastTrigger.Actions;

/// <summary>What routes may reach (C6.2); an empty list leaves it to what the routes name themselves.</summary>
internal sealed record Allow
{
    public static Allow Default { get; } = new();

    /// <summary>Empty: the function's own region alone.</summary>
    public IReadOnlyList<string> Regions { get; init; } = [];

    public IReadOnlyList<string> Documents { get; init; } = [];

    /// <summary>In lower case, as <see cref="Http.Origin"/> has them.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>Whether one of these lists has a value, or is empty.</summary>
    public static bool Permits(IReadOnlyList<string> list, string value)
    {
        foreach (var entry in list)
        {
            if (entry == value)
            {
                return true;
            }
        }

        return list.Count == 0;
    }
}
