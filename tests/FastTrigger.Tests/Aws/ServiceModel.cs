using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace FastTrigger.Tests.Aws;

/// <summary>
/// AWS's own model of a service, as the AWS CLI carries it. The client and the local AWS are parts of this repository, so both could agree
/// on a name that AWS does not know.
/// </summary>
internal sealed class ServiceModel
{
    private readonly JsonNode _root;

    private ServiceModel(JsonNode root) => _root = root;

    public static ServiceModel Load(string service, string version)
    {
        string[] folders = ["/usr/lib/python3/dist-packages/awscli/botocore/data", "/usr/lib/python3/dist-packages/botocore/data"];
        var file = folders.Select(folder => Path.Combine(folder, service, version, "service-2.json")).FirstOrDefault(File.Exists);
        Assert.True(file is not null, "the AWS CLI's service models are missing: ./bootstrap.sh test installs it");
        return new(JsonNode.Parse(File.ReadAllText(file))!);
    }

    /// <summary>A value of the model's metadata, such as apiVersion.</summary>
    public string Metadata(string name) => Text(_root["metadata"]![name]!);

    /// <summary>A shape as the model has it.</summary>
    public JsonNode Describe(string shape) => Shape(shape);

    public string Input(string operation) => Text(_root["operations"]![operation]!["input"]!["shape"]!);

    public string Output(string operation) => Text(_root["operations"]![operation]!["output"]!["shape"]!);

    public string Type(string shape) => Text(Shape(shape)["type"]!);

    /// <summary>The shape of the members of a list.</summary>
    public string Element(string list) => Text(Shape(list)["member"]!["shape"]!);

    /// <summary>The shape of a member of a structure, by the member's name on the wire. Null when there is none.</summary>
    /// <param name="wireName">Maps a member and its description to the name on the wire.</param>
    public string? Member(string structure, string name, Func<string, JsonNode, string> wireName)
    {
        var members = Shape(structure)["members"]!.AsObject();
        var member = members.SingleOrDefault(member => wireName(member.Key, member.Value!) == name).Value;
        return member is null ? null : Text(member["shape"]!);
    }

    /// <summary>Follows a name such as Filter.1.Value.2 through the shapes.</summary>
    /// <param name="ofEc2">EC2 has its own rules for names.</param>
    public void CheckQueryName(string shape, string name, bool ofEc2)
    {
        foreach (var part in name.Split('.'))
        {
            // Only EC2 omits "member" between the name of a list and the number of its element.
            if (!ofEc2 && part == "member" && Type(shape) == "list")
            {
                continue;
            }

            if (int.TryParse(part, out _))
            {
                Assert.Equal("list", Type(shape));
                shape = Element(shape);
                continue;
            }

            Assert.Equal("structure", Type(shape));
            var member = Member(shape, part, ofEc2 ? Ec2QueryName : (key, _) => key);
            Assert.True(member is not null, $"{shape} has no {part} ({name})");
            shape = member;
        }
    }

    /// <summary>Checks a JSON request against the shape of its operation's input: names, types, required members and limits.</summary>
    public void CheckInput(string operation, JsonNode value) => Check(Input(operation), value, operation);

    /// <summary>EC2 uses queryName, else locationName with a capital first letter.</summary>
    private static string Ec2QueryName(string name, JsonNode member)
    {
        var given = member["queryName"]?.GetValue<string>() ?? member["locationName"]?.GetValue<string>() ?? name;
        return char.ToUpperInvariant(given[0]) + given[1..];
    }

    private void Check(string shape, JsonNode value, string path)
    {
        var description = Shape(shape);
        switch (Type(shape))
        {
            case "structure":
                CheckStructure(description, value.AsObject(), path);
                break;
            case "list":
                CheckRange(description, value.AsArray().Count, path);
                foreach (var inner in value.AsArray())
                {
                    Check(Element(shape), inner!, path + "[]");
                }

                break;
            case "map":
                foreach (var (name, inner) in value.AsObject())
                {
                    Check(Text(description["value"]!["shape"]!), inner!, $"{path}.{name}");
                }

                break;
            case "string":
                CheckText(description, value.GetValue<string>(), path);
                break;
            case "timestamp":
                // JSON 1.1 sends a timestamp as seconds.
                Assert.InRange(value.GetValue<double>(), 1e9, 1e10);
                break;
            case "boolean":
                _ = value.GetValue<bool>();
                break;
            case "integer":
                CheckRange(description, value.GetValue<int>(), path);
                break;
            case var type:
                Assert.Fail($"{path}: a value of type {type} was not expected");
                break;
        }
    }

    private void CheckStructure(JsonNode description, JsonObject value, string path)
    {
        foreach (var required in description["required"]?.AsArray() ?? [])
        {
            Assert.True(value[required!.GetValue<string>()] is not null, $"{path}.{required} is required");
        }

        foreach (var (name, inner) in value)
        {
            var member = description["members"]![name];
            Assert.True(member is not null, $"{path} has no {name}");
            Check(Text(member["shape"]!), inner!, $"{path}.{name}");
        }
    }

    private static void CheckText(JsonNode description, string text, string path)
    {
        CheckRange(description, text.Length, path);
        if (description["pattern"] is { } pattern)
        {
            Assert.True(Regex.IsMatch(text, Text(pattern)), $"{path} '{text}' does not match {pattern}");
        }

        if (description["enum"] is { } values)
        {
            Assert.True(values.AsArray().Any(allowed => Text(allowed!) == text), $"{path} '{text}' is none of {values}");
        }
    }

    private static void CheckRange(JsonNode description, int size, string path)
    {
        Assert.True(size >= (description["min"]?.GetValue<int>() ?? 0), $"{path} is under {description["min"]}");
        Assert.True(size <= (description["max"]?.GetValue<int>() ?? int.MaxValue), $"{path} is over {description["max"]}");
    }

    private static string Text(JsonNode node) => node.GetValue<string>();

    private JsonNode Shape(string name) => _root["shapes"]![name]!;
}
