using FastTrigger.Events;
using FastTrigger.Json;
using FastTrigger.Values;

namespace FastTrigger.Actions.Tagging;

/// <summary>A `tag` of routes.json.</summary>
internal sealed class TagSettings
{
    private const int MaxTags = 50;

    private const string Form = "an object of 1 to 50 keys and values";

    public List<(string Key, ValueTemplate Value)> Tags { get; private set; } = [];

    /// <summary>Whether a tag that is present is replaced.</summary>
    public required bool Overwrite { get; init; }

    /// <summary>Whether an old event may replace it, too (C4.5).</summary>
    public required bool Replay { get; init; }

    /// <summary>Whether the volumes of launched instances are tagged, too.</summary>
    public required bool Volumes { get; init; }

    /// <summary>The form of ${owner}.</summary>
    public required OwnerForm Owner { get; init; }

    /// <summary>Whether instances that Auto Scaling launches have the owner of their group.</summary>
    public required bool Inherits { get; init; }

    /// <summary>The identities whose resources are not tagged.</summary>
    public required IReadOnlyList<string> Skip { get; init; }

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
            Skip = settings.Take("skip") is { } skip
                ? settings.Strings(skip, "skip").ConvertEach(static name => name.Text)
                : [],
            Reach = AwsReach.Read(settings, allow),
        };
        if (settings.Require("tags", "{\"Owner\": \"${owner}\"}") is not { } tags
            || !settings.Expect(tags, tags is { IsObject: true, Members.Length: > 0 and <= MaxTags }, "tags", Form))
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
