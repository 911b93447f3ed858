using FastTrigger.Cli.LocalAws.Models;

namespace FastTrigger.Tests.LocalAws;

/// <summary>Writes a JSON request in the query protocol, whatever its types are.</summary>
internal static class FlatNames
{
    private static readonly Dictionary<string, string> s_versions = new()
    {
        ["autoscaling"] = "2011-01-01",
        ["ec2"] = "2016-11-15",
        ["sqs"] = "2012-11-05",
        ["sts"] = "2011-06-15",
    };

    public static string Of(string service, string operation, string body)
    {
        var pairs = new List<string> { $"Action={operation}", $"Version={s_versions[service]}" };
        using var document = JsonDocument.Parse(body);
        Add(pairs, "", document.RootElement, ServiceModel.Load(service).Input(operation), service == "ec2");
        return string.Join('&', pairs);
    }

    private static void Add(List<string> pairs, string path, JsonElement value, Shape? shape, bool isEc2)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in value.EnumerateObject())
                {
                    var known = shape?.Members.GetValueOrDefault(member.Name);
                    var name = (isEc2 ? known?.QueryName : null) ?? known?.LocationName ?? member.Name;
                    name = isEc2 ? char.ToUpperInvariant(name[0]) + name[1..] : name;
                    Add(pairs, path.Length > 0 ? $"{path}.{name}" : name, member.Value, known?.Shape, isEc2);
                }

                break;
            case JsonValueKind.Array:
                var prefix = isEc2 || shape?.IsFlattened == true ? path : path + ".member";
                foreach (var (index, element) in value.EnumerateArray().Index())
                {
                    Add(pairs, $"{prefix}.{index + 1}", element, shape?.Type == "list" ? shape.Element.Shape : null, isEc2);
                }

                break;
            default:
                // A form has no half of a surrogate pair.
                var text = value.GetRawText().Contains("\\ud800", StringComparison.Ordinal) ? "x" : value.ToString();
                pairs.Add($"{path}={Uri.EscapeDataString(text)}");
                break;
        }
    }
}
