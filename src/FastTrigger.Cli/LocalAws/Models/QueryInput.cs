using System.Globalization;
using System.Text.Json.Nodes;

namespace FastTrigger.Cli.LocalAws.Models;

/// <summary>
/// Reads a request of the query protocol by its model: flat names such as Filter.1.Value.2 become members with the names of the API
/// reference. A name that the model does not have is an error.
/// </summary>
/// <param name="isEc2">EC2 has its own rules for names (smithy.io/2.0/aws/protocols/aws-ec2-query-protocol.html).</param>
internal sealed class QueryInput(IReadOnlyDictionary<string, string> values, bool isEc2)
{
    private readonly HashSet<string> _taken = ["Action", "Version"];

    /// <summary>The names of all values and of the structures and lists around them.</summary>
    private readonly HashSet<string> _present = [.. values.Keys.SelectMany(Prefixes)];

    public JsonObject Read(Shape input)
    {
        var read = Structure(input, "");
        return values.Keys.FirstOrDefault(name => !_taken.Contains(name)) is { } unknown
            ? throw new AwsError(400, "UnknownParameter", $"The parameter {unknown} is not recognized")
            : read;
    }

    private static IEnumerable<string> Prefixes(string name)
    {
        yield return name;
        for (var dot = name.IndexOf('.'); dot >= 0; dot = name.IndexOf('.', dot + 1))
        {
            yield return name[..dot];
        }
    }

    private JsonObject Structure(Shape shape, string prefix)
    {
        var read = new JsonObject();
        foreach (var (name, member) in shape.Members)
        {
            var path = prefix + Name(name, member);
            if (_present.Contains(path))
            {
                read[name] = Value(member, path);
            }
        }

        return read;
    }

    private string Name(string name, ShapeReference member)
    {
        if (isEc2)
        {
            var given = member.QueryName ?? member.LocationName ?? name;
            return char.ToUpperInvariant(given[0]) + given[1..];
        }

        // A flattened list has the name of its elements.
        return member.Shape.Type == "list" && member.IsFlattened && member.Shape.Element.LocationName is { } element
            ? element
            : member.LocationName ?? name;
    }

    private JsonNode Value(ShapeReference reference, string path)
    {
        var shape = reference.Shape;
        return shape.Type switch
        {
            "structure" => Structure(shape, path + "."),
            "list" => List(reference, path),
            "map" => Map(reference, path),
            _ => Scalar(shape.Type, path),
        };
    }

    private JsonArray List(ShapeReference reference, string path)
    {
        var element = reference.Shape.Element;
        var list = new JsonArray();
        // NAME= is an empty list.
        if (values.TryGetValue(path, out var text) && text.Length == 0)
        {
            _taken.Add(path);
        }

        var prefix = isEc2 || reference.IsFlattened ? path : $"{path}.{element.LocationName ?? "member"}";
        while (_present.Contains($"{prefix}.{list.Count + 1}"))
        {
            list.Add(Value(element, $"{prefix}.{list.Count + 1}"));
        }

        return list;
    }

    private JsonObject Map(ShapeReference reference, string path)
    {
        var (key, value) = (reference.Shape.Key, reference.Shape.Value);
        var map = new JsonObject();
        var prefix = reference.IsFlattened ? path : path + ".entry";
        for (var number = 1; _present.Contains($"{prefix}.{number}"); number++)
        {
            var name = Scalar("string", $"{prefix}.{number}.{key.LocationName ?? "key"}").ToString();
            var at = $"{prefix}.{number}.{value.LocationName ?? "value"}";
            if (!map.TryAdd(name, _present.Contains(at) ? Value(value, at) : ""))
            {
                throw new AwsError(400, "InvalidParameterValue", $"{path} has {name} twice");
            }
        }

        return map;
    }

    private JsonNode Scalar(string type, string path)
    {
        if (!values.TryGetValue(path, out var text))
        {
            // There are values below a name that takes one itself.
            throw new AwsError(400, "InvalidParameterValue", $"{path} takes one value");
        }

        _taken.Add(path);
        return type switch
        {
            "integer" when int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
            "boolean" when bool.TryParse(text, out var yes) => yes,
            "timestamp" when Timestamp.Parse(text) is { } time => time,
            "blob" when Convert.TryFromBase64String(text, new byte[text.Length], out _) => text,
            "string" => text,
            _ => throw new AwsError(400, "InvalidParameterValue", $"Value ({text}) for parameter {path} is invalid. It is no {type}."),
        };
    }
}
