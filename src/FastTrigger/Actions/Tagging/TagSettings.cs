using FastTrigger.Events;
using FastTrigger.Values;

namespace FastTrigger.Actions.Tagging;

/// <summary>What a `tag` of routes.json says.</summary>
internal sealed class TagSettings
{
    private const int MostTags = 50;

    public List<(string Key, ValueTemplate Value)> Tags { get; private set; } = [];

    /// <summary>Whether a tag that is there is replaced.</summary>
    public required bool Overwrite { get; init; }

    /// <summary>Whether an old event may do so too (C4.5).</summary>
    public required bool Replay { get; init; }

    /// <summary>Whether the volumes of launched instances are tagged too.</summary>
    public required bool Volumes { get; init; }

    /// <summary>What ${owner} is.</summary>
    public required OwnerForm Owner { get; init; }

    /// <summary>Whether what Auto Scaling launches belongs to whom its group belongs to.</summary>
    public required bool Inherits { get; init; }

    /// <summary>Whose resources are left alone.</summary>
    public required List<string> Skip { get; init; }

    public required AwsReach Reach { get; init; }

    public static TagSettings? Read(SettingReader settings, Allow allow)
    {
        var read = new TagSettings
        {
            Overwrite = settings.Boolean("overwrite", otherwise: false),
            Replay = settings.Boolean("replay", otherwise: false),
            Volumes = settings.Boolean("volumes", otherwise: true),
            Owner = settings.Choice("owner", "person", "role", "arn", "email", "userid") switch
            {
                "role" => OwnerForm.Role,
                "arn" => OwnerForm.Arn,
                "email" => OwnerForm.Email,
                "userid" => OwnerForm.UserId,
                _ => OwnerForm.Person,
            },
            Inherits = settings.Choice("autoScaling", "skip", "inherit") == "inherit",
            Skip = settings.Take("skip") is { } skip ? settings.Strings(skip, "skip").ConvertAll(static name => name.Text) : [],
            Reach = AwsReach.Read(settings, allow),
        };
        if (settings.Require("tags", "{\"Owner\": \"${owner}\"}") is not { } tags || !settings.Expect(tags, tags.IsObject && tags.Members.Count is > 0 and <= MostTags, "tags", "an object of 1 to 50 keys and values"))
        {
            return null;
        }

        foreach (var tag in tags.Members)
        {
            if (!Allow.Permits(allow.Tags, tag.Name))
            {
                settings.Problems.Add(tag.Offset, $"allow.tags does not list {tag.Name}");
            }
        }

        read.Tags = settings.Templates(tags, TagValue.Refuse);
        return read;
    }
}
