using FastTrigger.Core;

namespace FastTrigger.Aws.Ec2;

/// <summary>The operations of Amazon EC2 that are used, in its query form (docs.aws.amazon.com/AWSEC2/latest/APIReference).</summary>
internal sealed class Ec2Client(AwsCaller aws, string region, AwsCredentials? credentials = null)
{
    /// <summary>How many resources one CreateTags takes.</summary>
    public const int MaxResources = 1_000;

    /// <summary>How many values one filter of a request takes.</summary>
    private const int MaxFilterValues = 200;

    /// <summary>More pages than any account has: an endless chain of tokens is a fault of the server.</summary>
    private const int MaxPages = 1_000;

    private const string Service = "ec2", Version = "2016-11-15";

    public static class Operations
    {
        public static readonly AwsOperation CreateTags = new(Service, nameof(CreateTags), WholeAnswer.Xml("return", "true"), Changes: true);

        public static readonly AwsOperation DescribeTags = new(Service, nameof(DescribeTags), WholeAnswer.Xml("tagSet"));

        public static readonly AwsOperation DescribeInstances = new(Service, nameof(DescribeInstances), WholeAnswer.Xml("reservationSet"));

        public static readonly AwsOperation StartInstances =
            new(Service, nameof(StartInstances), WholeAnswer.Xml("instancesSet"), Changes: true);

        public static readonly AwsOperation StopInstances =
            new(Service, nameof(StopInstances), WholeAnswer.Xml("instancesSet"), Changes: true);

        public static readonly AwsOperation RebootInstances =
            new(Service, nameof(RebootInstances), WholeAnswer.Xml("return", "true"), Changes: true, Idempotent: false);

        public static readonly AwsOperation TerminateInstances =
            new(Service, nameof(TerminateInstances), WholeAnswer.Xml("instancesSet"), Changes: true);
    }

    public AwsFailure? CreateTags(IReadOnlyList<string> resources, IReadOnlyList<Tag> tags, Deadline deadline)
    {
        var body = Start(Operations.CreateTags);
        for (var i = 0; i < resources.Count; i++)
        {
            body.Add("ResourceId", i, null, resources[i]);
        }

        for (var i = 0; i < tags.Count; i++)
        {
            body.Add("Tag", i, "Key", tags[i].Key);
            body.Add("Tag", i, "Value", tags[i].Value);
        }

        return Call(Operations.CreateTags, deadline);
    }

    /// <summary>Starts, stops, reboots or terminates instances: all of them or, when EC2 refuses one, none.</summary>
    /// <param name="options">Parameters of StopInstances that are true, such as Hibernate.</param>
    public AwsFailure? Change(
        AwsOperation operation, IReadOnlyList<string> instanceIds, IReadOnlyList<string> options, Deadline deadline)
    {
        var body = Start(operation);
        AddIds(body, instanceIds);
        foreach (var option in options)
        {
            body.Add(option, "true");
        }

        return Call(operation, deadline);
    }

    /// <summary>Finds the tags of these resources that have one of these keys.</summary>
    public AwsFailure? DescribeTags(
        IReadOnlyList<string> resources,
        IReadOnlyList<string> keys,
        List<TagDescription> found,
        Deadline deadline) => InParts(
            resources,
            part => Pages(
                Operations.DescribeTags,
                [new("resource-id", part), new("key", keys)],
                [],
                body => DescribeTagsAnswer.Read(body, found),
                deadline));

    /// <summary>Finds the instances that match every filter, or those with these ids, with their state and tags.</summary>
    public AwsFailure? DescribeInstances(
        IReadOnlyList<Filter> filters,
        IReadOnlyList<string> instanceIds,
        List<InstanceDescription> found,
        Deadline deadline)
    {
        if (instanceIds.Count > MaxFilterValues)
        {
            return InParts(instanceIds, part => DescribeInstances(filters, part, found, deadline));
        }

        for (var i = 0; i < filters.Count; i++)
        {
            if (filters[i].Values.Count > MaxFilterValues)
            {
                return DescribeByParts(filters, i, instanceIds, found, deadline);
            }
        }

        return Pages(
            Operations.DescribeInstances,
            filters,
            instanceIds,
            body => DescribeInstancesAnswer.Read(body, found),
            deadline);
    }

    /// <summary>Asks for some values of one filter at a time. An instance may match values of two parts, and is found once.</summary>
    private AwsFailure? DescribeByParts(
        IReadOnlyList<Filter> filters,
        int index,
        IReadOnlyList<string> instanceIds,
        List<InstanceDescription> found,
        Deadline deadline)
    {
        var some = new List<Filter>(filters);
        var failure = InParts(
            filters[index].Values,
            part =>
            {
                some[index] = filters[index] with { Values = part };
                return DescribeInstances(some, instanceIds, found, deadline);
            });
        var seen = new HashSet<string>();
        found.RemoveAll(instance => !seen.Add(instance.InstanceId));
        return failure;
    }

    /// <summary>Makes one call for each part of the values that one request takes; stops at the first failure.</summary>
    private static AwsFailure? InParts(IReadOnlyList<string> values, Func<IReadOnlyList<string>, AwsFailure?> call)
    {
        if (values.Count <= MaxFilterValues)
        {
            return values.Count == 0 ? null : call(values);
        }

        for (var start = 0; start < values.Count; start += MaxFilterValues)
        {
            var end = Math.Min(values.Count, start + MaxFilterValues);
            var part = new List<string>(end - start);
            for (var i = start; i < end; i++)
            {
                part.Add(values[i]);
            }

            if (call(part) is { } failure)
            {
                return failure;
            }
        }

        return null;
    }

    private AwsFailure? Pages(
        AwsOperation operation,
        IReadOnlyList<Filter> filters,
        IReadOnlyList<string> instanceIds,
        Func<ReadOnlyMemory<byte>, string?> read,
        Deadline deadline)
    {
        string? token = null;
        for (var page = 0; page < MaxPages; page++)
        {
            WriteQuery(operation, filters, instanceIds, token);
            if (Call(operation, deadline) is { } failure)
            {
                return failure;
            }

            token = read(aws.Answer);
            if (token is null)
            {
                return null;
            }
        }

        return new(AwsFailureKind.Refused, "", $"{operation.Name} has more than {MaxPages} pages", Sent: true);
    }

    private void WriteQuery(AwsOperation operation, IReadOnlyList<Filter> filters, IReadOnlyList<string> instanceIds, string? token)
    {
        var body = Start(operation);
        for (var i = 0; i < filters.Count; i++)
        {
            body.Add("Filter", i, "Name", filters[i].Name);
            for (var j = 0; j < filters[i].Values.Count; j++)
            {
                body.Add("Filter", i, "Value", filters[i].Values[j], j);
            }
        }

        AddIds(body, instanceIds);
        if (token is not null)
        {
            body.Add("NextToken", token);
        }
    }

    private static void AddIds(QueryBody body, IReadOnlyList<string> instanceIds)
    {
        for (var i = 0; i < instanceIds.Count; i++)
        {
            body.Add("InstanceId", i, null, instanceIds[i]);
        }
    }

    private QueryBody Start(AwsOperation operation) => new(aws.Body, operation.Name, Version);

    private AwsFailure? Call(AwsOperation operation, Deadline deadline) =>
        aws.Call(new(operation, region, AwsProtocol.Query, null, aws.Body) { Credentials = credentials }, deadline);
}
