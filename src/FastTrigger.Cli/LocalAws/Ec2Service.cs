using System.Text.Json.Nodes;

namespace FastTrigger.Cli.LocalAws;

/// <summary>CreateTags, DescribeTags and DescribeInstances with EC2's documented limits. Any other action is an error.</summary>
internal sealed class Ec2Service : LocalQueryService
{
    private const int MaxResources = 1_000, MaxTags = 50;

    private readonly LocalWorld _world;

    public Ec2Service(LocalWorld world)
        : base("ec2", "2016-11-15")
    {
        _world = world;
        Add("CreateTags", CreateTags);
        Add("DescribeTags", DescribeTags);
        Add("DescribeInstances", DescribeInstances);
    }

    public override string Error(string code, string message) =>
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Response><Errors>"
        + $"<Error><Code>{Xml(code)}</Code><Message>{Xml(message)}</Message></Error>"
        + $"</Errors><RequestID>{Guid.NewGuid()}</RequestID></Response>";

    private static new string Answer(string action, string inner) =>
        $"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<{action}Response xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\">"
        + $"<requestId>{Guid.NewGuid()}</requestId>{inner}</{action}Response>";

    private (JsonObject Parameters, Func<string> Run) CreateTags(QueryParameters query)
    {
        var resources = query.TakeList("ResourceId");
        var tags = query.TakePairs("Tag");
        var parameters = new JsonObject
        {
            ["Resources"] = QueryParameters.Strings(resources),
            ["Tags"] = QueryParameters.Describe(tags),
        };
        return (parameters, () =>
        {
            CheckTags(resources, tags);
            foreach (var resource in resources)
            {
                foreach (var (key, value) in tags)
                {
                    _world.Resources[resource][key] = value;
                }
            }

            return Answer("CreateTags", "<return>true</return>");
        }
        );
    }

    private void CheckTags(List<string> resources, List<(string Key, string Value)> tags)
    {
        if (resources.Count == 0 || tags.Count == 0)
        {
            var missing = resources.Count == 0 ? "resourceIdSet" : "tagSet";
            throw new AwsError(400, "MissingParameter", $"The request must contain the parameter {missing}");
        }

        if (resources.Count > MaxResources)
        {
            throw new AwsError(400, "InvalidParameterValue", $"At most {MaxResources} resources can be tagged in a call");
        }

        foreach (var (key, value) in tags)
        {
            if (key.Length is 0 or > 128 || value.Length > 256 || key.StartsWith("aws:", StringComparison.OrdinalIgnoreCase))
            {
                throw new AwsError(
                    400,
                    "InvalidParameterValue",
                    $"Value ( {key} ) for parameter key is invalid: keys have 1 to 128 characters and do not begin with aws:, "
                    + "values up to 256");
            }
        }

        if (tags.Select(tag => tag.Key).Distinct().Count() != tags.Count)
        {
            throw new AwsError(400, "InvalidParameterValue", "Duplicate tag keys");
        }

        CheckKnown(resources);
        if (resources.Any(id => _world.Resources[id].Keys.Union(tags.Select(tag => tag.Key)).Count() > MaxTags))
        {
            throw new AwsError(400, "TagLimitExceeded", $"A resource has at most {MaxTags} tags");
        }
    }

    private void CheckKnown(List<string> resources)
    {
        var unknown = resources.FindAll(id => !IsKnown(id));
        if (unknown.Count > 0)
        {
            var type = ResourceTypes.Of(unknown[0]);
            var kind = (type.Name == "instance" ? "instance ID" : "ID") + (unknown.Count > 1 ? "s" : "");
            var verb = unknown.Count > 1 ? "do" : "does";
            throw new AwsError(400, type.NotFound, $"The {kind} '{string.Join(", ", unknown)}' {verb} not exist");
        }
    }

    private bool IsKnown(string id) =>
        _world.Resources.ContainsKey(id)
        && !(_world.UnknownUntil.TryGetValue(id, out var until) && until > DateTimeOffset.UtcNow);

    private (JsonObject Parameters, Func<string> Run) DescribeTags(QueryParameters query)
    {
        var filters = query.TakeFilters();
        var page = Ec2Page.Take(query, _world.PageSize);
        return (Parameters(filters, page), () =>
        {
            var all = _world.Resources
                .SelectMany(resource => resource.Value.Select(tag => (Id: resource.Key, tag.Key, tag.Value)))
                .Where(tag => filters.All(filter => Matches(tag, filter)))
                .OrderBy(tag => tag.Id, StringComparer.Ordinal)
                .ThenBy(tag => tag.Key, StringComparer.Ordinal)
                .ToList();
            var (tags, next) = page.Of(all);
            var items = tags.Select(tag =>
                $"<item><resourceId>{Xml(tag.Id)}</resourceId><resourceType>{ResourceTypes.Of(tag.Id).Name}</resourceType>"
                + $"<key>{Xml(tag.Key)}</key><value>{Xml(tag.Value)}</value></item>");
            return Answer("DescribeTags", $"<tagSet>{string.Concat(items)}</tagSet>{next}");
        }
        );
    }

    private static bool Matches((string Id, string Key, string Value) tag, (string Name, List<string> Values) filter) =>
        filter.Name switch
        {
            "resource-id" => filter.Values.Contains(tag.Id),
            "key" => filter.Values.Contains(tag.Key),
            "value" => filter.Values.Contains(tag.Value),
            "resource-type" => filter.Values.Contains(ResourceTypes.Of(tag.Id).Name),
            _ => throw UnknownFilter(filter.Name),
        };

    private (JsonObject Parameters, Func<string> Run) DescribeInstances(QueryParameters query)
    {
        var filters = query.TakeFilters();
        var ids = query.TakeList("InstanceId");
        var page = Ec2Page.Take(query, _world.PageSize);
        var parameters = Parameters(filters, page);
        if (ids.Count > 0)
        {
            parameters["InstanceIds"] = QueryParameters.Strings(ids);
        }

        return (parameters, () =>
        {
            if (ids.Find(id => !_world.Instances.ContainsKey(id)) is { } unknown)
            {
                throw new AwsError(400, "InvalidInstanceID.NotFound", $"The instance ID '{unknown}' does not exist");
            }

            var all = _world.Instances.Values
                .Where(instance => ids.Count == 0 || ids.Contains(instance.Id))
                .Where(instance => filters.All(filter => Matches(instance, filter)))
                .OrderBy(instance => instance.Id, StringComparer.Ordinal)
                .ToList();
            var (instances, next) = page.Of(all);
            var reservations = string.Concat(instances.Select(Reservation));
            return Answer("DescribeInstances", $"<reservationSet>{reservations}</reservationSet>{next}");
        }
        );
    }

    private bool Matches(LocalInstance instance, (string Name, List<string> Values) filter)
    {
        var tags = _world.Resources[instance.Id];
        return filter.Name switch
        {
            "instance-id" => filter.Values.Contains(instance.Id),
            "instance-state-name" => filter.Values.Contains(instance.State),
            "vpc-id" => filter.Values.Contains(instance.VpcId),
            "tag-key" => filter.Values.Exists(tags.ContainsKey),
            _ when filter.Name.StartsWith("tag:", StringComparison.Ordinal) =>
                tags.TryGetValue(filter.Name[4..], out var value) && filter.Values.Contains(value),
            _ => throw UnknownFilter(filter.Name),
        };
    }

    private string Reservation(LocalInstance instance)
    {
        var tags = _world.Resources[instance.Id]
            .Select(tag => $"<item><key>{Xml(tag.Key)}</key><value>{Xml(tag.Value)}</value></item>");
        var volumes = instance.AttachedVolumes(_world.Now)
            .Select(id => $"<item><deviceName>/dev/xvda</deviceName><ebs><volumeId>{id}</volumeId><status>attached</status></ebs></item>");
        return $"<item><reservationId>r-{instance.Id[2..]}</reservationId><ownerId>{_world.Account}</ownerId><groupSet/>"
            + $"<instancesSet><item><instanceId>{instance.Id}</instanceId><imageId>ami-0abcdef1234567890</imageId>"
            + $"<instanceState><code>16</code><name>{instance.State}</name></instanceState>"
            + $"<placement><availabilityZone>{_world.Region}a</availabilityZone></placement>"
            + $"<rootDeviceType>ebs</rootDeviceType><vpcId>{instance.VpcId}</vpcId>"
            + $"<blockDeviceMapping>{string.Concat(volumes)}</blockDeviceMapping>"
            + $"<tagSet>{string.Concat(tags)}</tagSet></item></instancesSet></item>";
    }

    private static AwsError UnknownFilter(string name) => new(400, "InvalidParameterValue", $"The filter '{name}' is invalid");

    private static JsonObject Parameters(List<(string Name, List<string> Values)> filters, Ec2Page page)
    {
        var parameters = page.Parameters;
        if (filters.Count > 0)
        {
            parameters["Filters"] = QueryParameters.Describe(filters);
        }

        return parameters;
    }
}
