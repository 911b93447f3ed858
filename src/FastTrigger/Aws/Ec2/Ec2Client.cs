using FastTrigger.Core;

namespace FastTrigger.Aws.Ec2;

internal readonly record struct Tag(string Key, string Value);

internal readonly record struct TagDescription(string ResourceId, string Key, string Value);

internal sealed record InstanceDescription(string InstanceId, string State, IReadOnlyList<Tag> Tags, IReadOnlyList<string> VolumeIds);

/// <summary>A filter of a Describe operation: a name and the values of which one must fit.</summary>
internal readonly record struct Filter(string Name, IReadOnlyList<string> Values);

/// <summary>The operations of Amazon EC2 that are used, in its query form (docs.aws.amazon.com/AWSEC2/latest/APIReference).</summary>
internal sealed class Ec2Client(AwsClient client, string region, AwsCredentials? credentials = null)
{
    /// <summary>CreateTags takes this many resources.</summary>
    public const int MostResources = 1_000;

    /// <summary>A filter takes this many values.</summary>
    private const int MostFilterValues = 200;

    /// <summary>A page more than any account has; an endless chain of tokens is a fault of the server.</summary>
    private const int MostPages = 1_000;

    public AwsFailure? CreateTags(IReadOnlyList<string> resources, IReadOnlyList<Tag> tags, Deadline deadline)
    {
        var body = Begin("CreateTags");
        for (var i = 0; i < resources.Count; i++)
        {
            body.Add("ResourceId", i, null, resources[i]);
        }

        for (var i = 0; i < tags.Count; i++)
        {
            body.Add("Tag", i, "Key", tags[i].Key);
            body.Add("Tag", i, "Value", tags[i].Value);
        }

        return Call(deadline);
    }

    /// <summary>The tags of these resources that have one of these keys.</summary>
    public AwsFailure? DescribeTags(IReadOnlyList<string> resources, IReadOnlyList<string> keys, List<TagDescription> found, Deadline deadline)
    {
        for (var start = 0; start < resources.Count; start += MostFilterValues)
        {
            var some = new List<string>();
            for (var i = start; i < Math.Min(resources.Count, start + MostFilterValues); i++)
            {
                some.Add(resources[i]);
            }

            var failure = Pages("DescribeTags", [new("resource-id", some), new("key", keys)], [], body => ReadTags(body, found), deadline);
            if (failure is not null)
            {
                return failure;
            }
        }

        return null;
    }

    /// <summary>The instances that fit every filter, or those with these ids, with their state and tags.</summary>
    public AwsFailure? DescribeInstances(IReadOnlyList<Filter> filters, IReadOnlyList<string> instanceIds, List<InstanceDescription> found, Deadline deadline) =>
        Pages("DescribeInstances", filters, instanceIds, body => ReadInstances(body, found), deadline);

    private AwsFailure? Pages(string operation, IReadOnlyList<Filter> filters, IReadOnlyList<string> instanceIds, Func<ReadOnlyMemory<byte>, string?> read, Deadline deadline)
    {
        string? token = null;
        for (var page = 0; page < MostPages; page++)
        {
            var body = Begin(operation);
            for (var i = 0; i < filters.Count; i++)
            {
                body.Add("Filter", i, "Name", filters[i].Name);
                for (var j = 0; j < filters[i].Values.Count; j++)
                {
                    body.Add("Filter", i, "Value", filters[i].Values[j], j);
                }
            }

            for (var i = 0; i < instanceIds.Count; i++)
            {
                body.Add("InstanceId", i, null, instanceIds[i]);
            }

            if (token is not null)
            {
                body.Add("NextToken", token);
            }

            if (Call(deadline) is { } failure)
            {
                return failure;
            }

            token = read(client.Answer);
            if (token is null)
            {
                return null;
            }
        }

        return new(AwsFailureKind.Refused, "", $"{operation} did not come to an end in {MostPages} pages", Sent: true);
    }

    private static string? ReadTags(ReadOnlyMemory<byte> body, List<TagDescription> found)
    {
        string? token = null;
        var (id, key, value) = ("", "", "");
        var xml = new XmlScanner(body.Span);
        while (xml.Read())
        {
            if (xml.IsEnd)
            {
                if (xml.Name.SequenceEqual("item"u8))
                {
                    found.Add(new(id, key, value));
                    (id, key, value) = ("", "", "");
                }
            }
            else if (xml.IsText("resourceId"u8))
            {
                id = xml.Text;
            }
            else if (xml.IsText("key"u8))
            {
                key = xml.Text;
            }
            else if (xml.IsText("value"u8))
            {
                value = xml.Text;
            }
            else if (xml.IsText("nextToken"u8))
            {
                token = xml.Text;
            }
        }

        return string.IsNullOrEmpty(token) ? null : token;
    }

    /// <summary>Instances stand at DescribeInstancesResponse/reservationSet/item/instancesSet/item: depth 5; much else is called item.</summary>
    private static string? ReadInstances(ReadOnlyMemory<byte> body, List<InstanceDescription> found)
    {
        const int InstanceDepth = 5;
        string? token = null;
        var (id, state, key) = ("", "", "");
        var tags = new List<Tag>();
        var volumes = new List<string>();
        var within = "";
        var xml = new XmlScanner(body.Span);
        while (xml.Read())
        {
            if (xml.IsEnd)
            {
                if (xml.Depth == InstanceDepth && xml.Name.SequenceEqual("item"u8) && id.Length > 0)
                {
                    found.Add(new(id, state, tags, volumes));
                    (id, state, tags, volumes) = ("", "", [], []);
                }
            }
            else if (xml.Depth == 2 && xml.IsText("nextToken"u8))
            {
                token = xml.Text;
            }
            else if (xml.Depth == InstanceDepth + 1)
            {
                within = System.Text.Encoding.UTF8.GetString(xml.Name);
                id = within == "instanceId" ? xml.Text : id;
            }
            else if (within == "instanceState" && xml.Depth == InstanceDepth + 2 && xml.IsText("name"u8))
            {
                state = xml.Text;
            }
            else if (within == "blockDeviceMapping" && xml.IsText("volumeId"u8))
            {
                volumes.Add(xml.Text);
            }
            else if (within == "tagSet" && xml.IsText("key"u8))
            {
                key = xml.Text;
            }
            else if (within == "tagSet" && xml.IsText("value"u8))
            {
                tags.Add(new(key, xml.Text));
            }
        }

        return string.IsNullOrEmpty(token) ? null : token;
    }

    private QueryBody Begin(string operation) => new(client.Body, operation, "2016-11-15");

    private AwsFailure? Call(Deadline deadline) => client.Call(new("ec2", region, AwsProtocol.Query, null, client.Body, Idempotent: true) { Credentials = credentials }, deadline);
}
