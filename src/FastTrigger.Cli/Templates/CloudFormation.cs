using System.Globalization;
using System.Text.Json.Nodes;

namespace FastTrigger.Cli.Templates;

/// <summary>Builds the JSON of CloudFormation: functions, logical ids, and resources that several parts of a template need.</summary>
internal static class CloudFormation
{
    public static JsonObject Parse(string text) => JsonNode.Parse(text)!.AsObject();

    /// <summary>A text as a JSON literal, for use in <see cref="Parse"/>.</summary>
    public static string Literal(string text) => JsonValue.Create(text).ToJsonString();

    public static JsonObject Sub(string text) => new() { ["Fn::Sub"] = text };

    public static JsonObject Ref(string name) => new() { ["Ref"] = name };

    public static JsonObject Arn(string name) => new() { ["Fn::GetAtt"] = new JsonArray(name, "Arn") };

    public static JsonObject If(string condition, JsonNode value) =>
        new() { ["Fn::If"] = new JsonArray(condition, value, Ref("AWS::NoValue")) };

    /// <summary>A parameter of type String without a default.</summary>
    public static JsonObject StringParameter(string description) => new() { ["Type"] = "String", ["Description"] = description };

    /// <summary>The name of a route or source as a logical id.</summary>
    public static string LogicalId(string name)
    {
        var parts = name.Split('-', '_', '.').Where(part => part.Length > 0);
        return string.Concat(parts.Select(part => char.ToUpper(part[0], CultureInfo.InvariantCulture) + part[1..]));
    }

    /// <summary>A bucket without public access, whose objects expire after that many days.</summary>
    public static JsonObject PrivateBucket(string comment, int days) => Parse($$"""
        {
          "#": {{Literal(comment)}},
          "Type": "AWS::S3::Bucket",
          "DeletionPolicy": "Retain",
          "UpdateReplacePolicy": "Retain",
          "Properties": {
            "PublicAccessBlockConfiguration": {
              "BlockPublicAcls": true, "BlockPublicPolicy": true, "IgnorePublicAcls": true, "RestrictPublicBuckets": true
            },
            "LifecycleConfiguration": {"Rules": [{"Status": "Enabled", "ExpirationInDays": {{days}}}]}
          }
        }
        """);
}
