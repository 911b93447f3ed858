namespace FastTrigger.Aws.Ec2;

/// <summary>Reads a page of DescribeTags (docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeTags.html).</summary>
internal static class DescribeTagsAnswer
{
    /// <returns>The token of the next page; null for the last one.</returns>
    public static string? Read(ReadOnlyMemory<byte> body, List<TagDescription> found)
    {
        string? token = null;
        var (id, key, value) = ("", "", "");
        var xml = new XmlScanner(body.Span);
        while (xml.Read())
        {
            if (xml.IsEnd)
            {
                if (xml.Name.SequenceEqual("item"u8))
                {
                    found.Add(new(id, key, value));
                    (id, key, value) = ("", "", "");
                }
            }
            else if (xml.IsText("resourceId"u8))
            {
                id = xml.Text;
            }
            else if (xml.IsText("key"u8))
            {
                key = xml.Text;
            }
            else if (xml.IsText("value"u8))
            {
                value = xml.Text;
            }
            else if (xml.IsText("nextToken"u8))
            {
                token = xml.Text;
            }
        }

        return string.IsNullOrEmpty(token) ? null : token;
    }
}
