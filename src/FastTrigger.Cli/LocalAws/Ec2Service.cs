using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace FastTrigger.Cli.LocalAws;

/// <summary>Tags, instances and their states, with EC2's documented limits. Any other action is an error.</summary>
internal sealed partial class Ec2Service : LocalQueryService
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
        var states = new InstanceStates(world);
        Add("StartInstances", request => Change(request, states.Start));
        Add("StopInstances", request => Change(request, states.Stop));
        Add("TerminateInstances", request => Change(request, states.Terminate));
        Add("RebootInstances", request => Change(request, states.Reboot));
    }

    public override string Error(AwsError error) =>
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Response><Errors>"
        + $"<Error><Code>{Xml(Code(error.Code))}</Code><Message>{Xml(error.Message)}</Message></Error>"
        + $"</Errors><RequestID>{Guid.NewGuid()}</RequestID></Response>";

    protected override string Code(string code) => code switch
    {
        "InvalidSignatureException" or "UnrecognizedClientException" or "IncompleteSignatureException" => "AuthFailure",
        "ExpiredTokenException" => "RequestExpired",
        "ValidationException" => "InvalidParameterValue",
        _ => base.Code(code),
    };

    protected override AwsError Missing(string member)
    {
        var name = member switch
        {
            "Resources" => "resourceIdSet",
            "Tags" => "tagSet",
            "InstanceIds" => "InstanceId",
            _ => member,
        };
        return new(400, "MissingParameter", $"The request must contain the parameter {name}");
    }

    protected override string Answer(string action, string inner) =>
        $"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<{action}Response xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\">"
        + $"<requestId>{Guid.NewGuid()}</requestId>{inner}</{action}Response>";

    private string CreateTags(JsonObject request)
    {
        var (resources, tags) = (request.List("Resources"), request.Tags("Tags"));
        CheckTags(resources, tags);
        CheckDryRun(request);
        foreach (var resource in resources)
        {
            foreach (var (key, value) in tags)
            {
                _world.Resources[resource][key] = value;
            }
        }

        return "<return>true</return>";
    }

    /// <summary>A dry run of a call that would succeed is answered with an error.</summary>
    private static void CheckDryRun(JsonObject request)
    {
        if (request.IsTrue("DryRun"))
        {
            throw new AwsError(412, "DryRunOperation", "Request would have succeeded, but DryRun flag is set.");
        }
    }

    private void CheckTags(List<string> resources, List<(string Key, string Value)> tags)
    {
        if (resources.Count == 0 || tags.Count == 0)
        {
            throw Missing(resources.Count == 0 ? "Resources" : "Tags");
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

    private string DescribeTags(JsonObject request)
    {
        var filters = request.Filters();
        CheckDryRun(request);
        var all = _world.Resources
            .SelectMany(resource => resource.Value.Select(tag => (Id: resource.Key, tag.Key, tag.Value)))
            .Where(tag => filters.All(filter => Matches(tag, filter)))
            .OrderBy(tag => tag.Id, StringComparer.Ordinal)
            .ThenBy(tag => tag.Key, StringComparer.Ordinal)
            .ToList();
        var (tags, next) = Page(request, all);
        var items = tags.Select(tag =>
            $"<item><resourceId>{Xml(tag.Id)}</resourceId><resourceType>{ResourceTypes.Of(tag.Id).Name}</resourceType>"
            + $"<key>{Xml(tag.Key)}</key><value>{Xml(tag.Value)}</value></item>");
        return $"<tagSet>{string.Concat(items)}</tagSet>{next}";
    }

    private static bool Matches((string Id, string Key, string Value) tag, (string Name, List<string> Values) filter) =>
        filter.Name switch
        {
            "resource-id" => HasMatch(filter.Values, tag.Id),
            "key" => HasMatch(filter.Values, tag.Key),
            "value" => HasMatch(filter.Values, tag.Value),
            "resource-type" => HasMatch(filter.Values, ResourceTypes.Of(tag.Id).Name),
            _ when filter.Name.StartsWith("tag:", StringComparison.Ordinal) =>
                tag.Key == filter.Name[4..] && HasMatch(filter.Values, tag.Value),
            _ => throw UnknownFilter(filter.Name),
        };

    private string DescribeInstances(JsonObject request)
    {
        var (filters, ids) = (request.Filters(), request.List("InstanceIds"));
        if (ids.Count > 0 && request.Number("MaxResults") is not null)
        {
            throw new AwsError(
                400,
                "InvalidParameterCombination",
                "The parameter instancesSet cannot be used with the parameter maxResults");
        }

        CheckInstances(ids);
        CheckDryRun(request);
        var all = _world.Instances.Values
            .Where(instance => ids.Count == 0 || ids.Contains(instance.Id))
            .Where(instance => filters.All(filter => Matches(instance, filter)))
            .OrderBy(instance => instance.Id, StringComparer.Ordinal)
            .ToList();
        var (instances, next) = Page(request, all);
        return $"<reservationSet>{string.Concat(instances.Select(Reservation))}</reservationSet>{next}";
    }

    private void CheckInstances(List<string> ids)
    {
        if (ids.Find(id => !_world.Instances.ContainsKey(id)) is { } unknown)
        {
            throw new AwsError(400, "InvalidInstanceID.NotFound", $"The instance ID '{unknown}' does not exist");
        }
    }

    /// <summary>All of the instances are changed, or none.</summary>
    private string Change(JsonObject request, Func<List<LocalInstance>, JsonObject, string> change)
    {
        var ids = request.List("InstanceIds");
        if (ids.Count == 0)
        {
            throw Missing("InstanceIds");
        }

        CheckInstances(ids);
        CheckDryRun(request);
        return change(ids.ConvertAll(id => _world.Instances[id]), request);
    }

    private bool Matches(LocalInstance instance, (string Name, List<string> Values) filter)
    {
        var tags = _world.Resources[instance.Id];
        return filter.Name switch
        {
            "instance-id" => HasMatch(filter.Values, instance.Id),
            "instance-state-name" => HasMatch(filter.Values, instance.State(_world.Now)),
            "vpc-id" => HasMatch(filter.Values, instance.VpcId),
            "tag-key" => tags.Keys.Any(key => HasMatch(filter.Values, key)),
            _ when filter.Name.StartsWith("tag:", StringComparison.Ordinal) =>
                tags.TryGetValue(filter.Name[4..], out var value) && HasMatch(filter.Values, value),
            _ => throw UnknownFilter(filter.Name),
        };
    }

    /// <summary>Whether a value matches one of a filter's, in which * and ? stand for other characters and \ makes them plain.</summary>
    private static bool HasMatch(List<string> values, string text) => values.Exists(value =>
        value.AsSpan().ContainsAny('*', '?', '\\')
            ? Regex.IsMatch(text, $@"\A{WildcardPattern(value)}\z", RegexOptions.Singleline | RegexOptions.NonBacktracking)
            : value == text);

    private static string WildcardPattern(string value) => FilterToken().Replace(value, match => match.Value switch
    {
        "*" => ".*",
        "?" => ".",
        ['\\', var escaped] => Regex.Escape(escaped.ToString()),
        var plain => Regex.Escape(plain),
    });

    private string Reservation(LocalInstance instance)
    {
        var tags = _world.Resources[instance.Id]
            .Select(tag => $"<item><key>{Xml(tag.Key)}</key><value>{Xml(tag.Value)}</value></item>");
        var volumes = instance.AttachedVolumes(_world.Now)
            .Select(id => $"<item><deviceName>/dev/xvda</deviceName><ebs><volumeId>{id}</volumeId><status>attached</status></ebs></item>");
        return $"<item><reservationId>r-{instance.Id[2..]}</reservationId><ownerId>{_world.Account}</ownerId><groupSet/>"
            + $"<instancesSet><item><instanceId>{instance.Id}</instanceId><imageId>ami-0abcdef1234567890</imageId>"
            + $"{InstanceStates.Xml("instanceState", instance.State(_world.Now))}"
            + $"<placement><availabilityZone>{_world.Region}a</availabilityZone></placement>"
            + $"<rootDeviceType>ebs</rootDeviceType><vpcId>{instance.VpcId}</vpcId>"
            + $"<blockDeviceMapping>{string.Concat(volumes)}</blockDeviceMapping>"
            + $"<tagSet>{string.Concat(tags)}</tagSet></item></instancesSet></item>";
    }

    private static AwsError UnknownFilter(string name) => new(400, "InvalidParameterValue", $"The filter '{name}' is invalid");

    /// <summary>The items of a page, and the element with the token of the next one.</summary>
    private (List<T> Items, string Next) Page<T>(JsonObject request, List<T> all)
    {
        var size = request.Number("MaxResults");
        if (size is < 5 or > 1_000)
        {
            throw new AwsError(400, "InvalidParameterValue", $"Value ( {size} ) for parameter maxResults is invalid. It is 5 to 1000.");
        }

        var (items, next) = request.Page(all, size ?? _world.PageSize, "InvalidNextToken");
        return (items, next is null ? "" : $"<nextToken>{next}</nextToken>");
    }

    [GeneratedRegex(@"\\.|[*?]|[^*?\\]+|\\$", RegexOptions.Singleline)]
    private static partial Regex FilterToken();
}
