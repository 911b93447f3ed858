using System.Text;

namespace FastTrigger.Aws.Ec2;

/// <summary>Reads a page of DescribeInstances (docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstances.html).</summary>
internal static class DescribeInstancesAnswer
{
    /// <summary>Instances are at DescribeInstancesResponse/reservationSet/item/instancesSet/item; much else is called item.</summary>
    private const int InstanceDepth = 5;

    /// <returns>The token of the next page; null for the last one.</returns>
    public static string? Read(ReadOnlyMemory<byte> body, List<InstanceDescription> found)
    {
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
                within = Encoding.UTF8.GetString(xml.Name);
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
}
