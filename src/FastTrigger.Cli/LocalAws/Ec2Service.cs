using System.Globalization;
using System.Text.Json.Nodes;

namespace FastTrigger.Cli.LocalAws;

/// <summary>CreateTags, DescribeTags and DescribeInstances with EC2's documented limits; any other action is a loud error.</summary>
internal sealed class Ec2Service : LocalQueryService
{
    private const int MostResources = 1_000, MostTags = 50;

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
        $"""<?xml version="1.0" encoding="UTF-8"?>{'\n'}<Response><Errors><Error><Code>{Xml(code)}</Code><Message>{Xml(message)}</Message></Error></Errors><RequestID>{Guid.NewGuid()}</RequestID></Response>""";

    private static new string Answer(string action, string inner) =>
        $"""<?xml version="1.0" encoding="UTF-8"?>{'\n'}<{action}Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>{Guid.NewGuid()}</requestId>{inner}</{action}Response>""";

    private (JsonObject Parameters, Func<string> Run) CreateTags(QueryParameters query)
    {
        var resources = query.TakeList("ResourceId");
        var tags = query.TakePairs("Tag");

        var parameters = new JsonObject
        {
            ["Resources"] = QueryParameters.Strings(resources),
            ["Tags"] = new JsonArray([.. tags.Select(tag => new JsonObject { ["Key"] = tag.Key, ["Value"] = tag.Value })]),
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
            throw new AwsError(400, "MissingParameter", $"The request must contain the parameter {(resources.Count == 0 ? "resourceIdSet" : "tagSet")}");
        }

        if (resources.Count > MostResources)
        {
            throw new AwsError(400, "InvalidParameterValue", $"At most {MostResources} resources can be tagged in a call");
        }

        foreach (var (key, value) in tags)
        {
            if (key.Length is 0 or > 128 || value.Length > 256 || key.StartsWith("aws:", StringComparison.OrdinalIgnoreCase))
            {
                throw new AwsError(400, "InvalidParameterValue", $"Value ( {key} ) for parameter key is invalid: keys have 1 to 128 characters and do not begin with aws:, values up to 256");
            }
        }

        if (tags.Select(tag => tag.Key).Distinct().Count() != tags.Count)
        {
            throw new AwsError(400, "InvalidParameterValue", "Duplicate tag keys");
        }

        var unknown = resources.Where(id => !_world.Resources.ContainsKey(id) || (_world.UnknownUntil.TryGetValue(id, out var until) && until > DateTimeOffset.UtcNow)).ToList();
        if (unknown.Count > 0)
        {
            var type = ResourceTypes.Of(unknown[0]);
            throw new AwsError(400, type.NotFound, $"The {(type.Name == "instance" ? "instance ID" : "ID")}{(unknown.Count > 1 ? "s" : "")} '{string.Join(", ", unknown)}' {(unknown.Count > 1 ? "do" : "does")} not exist");
        }

        if (resources.Any(id => _world.Resources[id].Keys.Union(tags.Select(tag => tag.Key)).Count() > MostTags))
        {
            throw new AwsError(400, "TagLimitExceeded", $"A resource has at most {MostTags} tags");
        }
    }

    private (JsonObject Parameters, Func<string> Run) DescribeTags(QueryParameters query)
    {
        var filters = query.TakeFilters();
        var page = TakePage(query);
        return (Parameters(filters, page), () =>
        {
            var all = _world.Resources.SelectMany(resource => resource.Value.Select(tag => (Id: resource.Key, tag.Key, tag.Value)))
                .Where(tag => filters.All(filter => filter.Name switch
                {
                    "resource-id" => filter.Values.Contains(tag.Id),
                    "key" => filter.Values.Contains(tag.Key),
                    "value" => filter.Values.Contains(tag.Value),
                    "resource-type" => filter.Values.Contains(ResourceTypes.Of(tag.Id).Name),
                    _ => throw UnknownFilter(filter.Name),
                }))
                .OrderBy(tag => tag.Id, StringComparer.Ordinal).ThenBy(tag => tag.Key, StringComparer.Ordinal).ToList();
            var (some, next) = Page(all, page);
            var items = some.Select(tag => $"<item><resourceId>{Xml(tag.Id)}</resourceId><resourceType>{ResourceTypes.Of(tag.Id).Name}</resourceType><key>{Xml(tag.Key)}</key><value>{Xml(tag.Value)}</value></item>");
            return Answer("DescribeTags", $"<tagSet>{string.Concat(items)}</tagSet>{next}");
        }
        );
    }

    private (JsonObject Parameters, Func<string> Run) DescribeInstances(QueryParameters query)
    {
        var filters = query.TakeFilters();
        var ids = query.TakeList("InstanceId");
        var page = TakePage(query);
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

            var all = _world.Instances.Values.Where(instance => (ids.Count == 0 || ids.Contains(instance.Id)) && filters.All(filter => Fits(instance, filter)))
                .OrderBy(instance => instance.Id, StringComparer.Ordinal).ToList();
            var (some, next) = Page(all, page);
            return Answer("DescribeInstances", $"<reservationSet>{string.Concat(some.Select(Reservation))}</reservationSet>{next}");
        }
        );
    }

    private bool Fits(LocalInstance instance, (string Name, List<string> Values) filter) => filter.Name switch
    {
        "instance-id" => filter.Values.Contains(instance.Id),
        "instance-state-name" => filter.Values.Contains(instance.State),
        "vpc-id" => filter.Values.Contains(instance.VpcId),
        "tag-key" => filter.Values.Exists(_world.Resources[instance.Id].ContainsKey),
        _ when filter.Name.StartsWith("tag:", StringComparison.Ordinal) => _world.Resources[instance.Id].TryGetValue(filter.Name[4..], out var value) && filter.Values.Contains(value),
        _ => throw UnknownFilter(filter.Name),
    };

    private string Reservation(LocalInstance instance)
    {
        var tags = _world.Resources[instance.Id].Select(tag => $"<item><key>{Xml(tag.Key)}</key><value>{Xml(tag.Value)}</value></item>");
        return $"<item><reservationId>r-{instance.Id[2..]}</reservationId><ownerId>{_world.Account}</ownerId><groupSet/><instancesSet><item><instanceId>{instance.Id}</instanceId>"
            + $"<imageId>ami-0abcdef1234567890</imageId><instanceState><code>16</code><name>{instance.State}</name></instanceState><placement><availabilityZone>{_world.Region}a</availabilityZone></placement>"
            + $"<rootDeviceType>ebs</rootDeviceType><vpcId>{instance.VpcId}</vpcId><blockDeviceMapping>{string.Concat(instance.AttachedVolumes(_world.Now).Select(id => $"<item><deviceName>/dev/xvda</deviceName><ebs><volumeId>{id}</volumeId><status>attached</status></ebs></item>"))}</blockDeviceMapping>"
            + $"<tagSet>{string.Concat(tags)}</tagSet></item></instancesSet></item>";
    }

    private static AwsError UnknownFilter(string name) => new(400, "InvalidParameterValue", $"The filter '{name}' is invalid");

    private (int Start, int Size, JsonObject Shown) TakePage(QueryParameters query)
    {
        var shown = new JsonObject();
        var size = _world.PageSize;
        if (query.Take("MaxResults") is { } most)
        {
            size = int.TryParse(most, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 5 and <= 1_000 ? number : throw new AwsError(400, "InvalidParameterValue", "MaxResults is from 5 to 1000");
            shown["MaxResults"] = number;
        }

        var start = 0;
        if (query.Take("NextToken") is { } token)
        {
            start = token.StartsWith("page-", StringComparison.Ordinal) && int.TryParse(token[5..], out var at) ? at : throw new AwsError(400, "InvalidNextToken", "The token is not valid");
            shown["NextToken"] = token;
        }

        return (start, size, shown);
    }

    private static (List<T> Some, string Next) Page<T>(List<T> all, (int Start, int Size, JsonObject Shown) page)
    {
        var some = all.Skip(page.Start).Take(page.Size).ToList();
        var end = page.Start + some.Count;
        return (some, end < all.Count ? $"<nextToken>page-{end}</nextToken>" : "");
    }

    private static JsonObject Parameters(List<(string Name, List<string> Values)> filters, (int Start, int Size, JsonObject Shown) page)
    {
        var parameters = page.Shown;
        if (filters.Count > 0)
        {
            parameters["Filters"] = new JsonArray([.. filters.Select(filter => new JsonObject { ["Name"] = filter.Name, ["Values"] = QueryParameters.Strings(filter.Values) })]);
        }

        return parameters;
    }
}
