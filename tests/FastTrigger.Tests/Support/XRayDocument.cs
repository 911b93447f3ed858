using System.Text.RegularExpressions;

namespace FastTrigger.Tests.Support;

/// <summary>
/// What X-Ray takes as the document of a subsegment that is sent by itself: the members, with their forms and lengths, of its schema 1.0.0
/// (docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html).
/// </summary>
internal static partial class XRayDocument
{
    private static readonly string[] s_members =
    [
        "name", "id", "trace_id", "parent_id", "type", "start_time", "end_time", "annotations", "fault", "error", "throttle", "cause",
        "namespace", "aws",
    ];

    private static readonly string[] s_awsMembers = ["operation", "account_id", "region", "request_id", "queue_url", "table_name"];

    public static void AssertValid(System.Text.Json.JsonElement document)
    {
        Assert.Empty(document.EnumerateObject().Select(static member => member.Name).Except(s_members));
        Assert.Matches(Name(), Text("name"));
        Assert.Matches(Id(), Text("id"));
        Assert.Matches(Id(), Text("parent_id"));
        Assert.Matches(TraceId(), Text("trace_id"));
        Assert.Equal("subsegment", Text("type"));
        Assert.True(document.GetProperty("start_time").GetDouble() <= document.GetProperty("end_time").GetDouble());
        foreach (var flag in (string[])["fault", "error", "throttle"])
        {
            Assert.True(!document.TryGetProperty(flag, out var value) || value.GetBoolean());
        }

        Assert.Equal(document.TryGetProperty("aws", out var aws), document.TryGetProperty("namespace", out var space));
        if (aws.ValueKind == System.Text.Json.JsonValueKind.Object)
        {
            Assert.Equal("aws", space.GetString());
            Assert.Empty(aws.EnumerateObject().Select(static member => member.Name).Except(s_awsMembers));
            Assert.All(aws.EnumerateObject(), static member => Assert.Equal(System.Text.Json.JsonValueKind.String, member.Value.ValueKind));
        }

        if (document.TryGetProperty("annotations", out var annotations))
        {
            Assert.All(annotations.EnumerateObject(), static member =>
            {
                Assert.Matches(Key(), member.Name);
                Assert.InRange(member.Value.GetString()!.Length, 0, 1_000);
            });
        }

        if (document.TryGetProperty("cause", out var cause))
        {
            var exception = cause.GetProperty("exceptions").EnumerateArray().Single();
            Assert.Matches(Id(), exception.GetProperty("id").GetString()!);
            Assert.Equal(["id", "type", "message"], exception.EnumerateObject().Select(static member => member.Name));
        }

        string Text(string name) => document.GetProperty(name).GetString()!;
    }

    [GeneratedRegex(@"^[\p{L}\p{N}\p{Z}_.:/%&#=+\\\-@]{1,200}$")]
    private static partial Regex Name();

    [GeneratedRegex("^[0-9a-f]{16}$")]
    private static partial Regex Id();

    [GeneratedRegex("^1-[0-9a-f]{8}-[0-9a-f]{24}$")]
    private static partial Regex TraceId();

    [GeneratedRegex("^[a-zA-Z0-9_]{1,500}$")]
    private static partial Regex Key();
}
