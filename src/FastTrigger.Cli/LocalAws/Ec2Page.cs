using System.Globalization;
using System.Text.Json.Nodes;

namespace FastTrigger.Cli.LocalAws;

/// <summary>The page that MaxResults and NextToken ask for.</summary>
/// <param name="Parameters">The two parameters, as far as the request has them.</param>
internal sealed record Ec2Page(int Start, int Size, JsonObject Parameters)
{
    private const string TokenPrefix = "page-";

    /// <param name="size">The page size without MaxResults.</param>
    public static Ec2Page Take(QueryParameters query, int size)
    {
        var parameters = new JsonObject();
        if (query.Take("MaxResults") is { } max)
        {
            if (!int.TryParse(max, NumberStyles.None, CultureInfo.InvariantCulture, out size) || size is < 5 or > 1_000)
            {
                throw new AwsError(400, "InvalidParameterValue", "MaxResults is from 5 to 1000");
            }

            parameters["MaxResults"] = size;
        }

        var start = 0;
        if (query.Take("NextToken") is { } token)
        {
            if (!token.StartsWith(TokenPrefix, StringComparison.Ordinal) || !int.TryParse(token[TokenPrefix.Length..], out start))
            {
                throw new AwsError(400, "InvalidNextToken", "The token is not valid");
            }

            parameters["NextToken"] = token;
        }

        return new(start, size, parameters);
    }

    /// <summary>The items of this page, and the element with the token of the next one.</summary>
    public (List<T> Items, string Next) Of<T>(List<T> all)
    {
        var items = all.Skip(Start).Take(Size).ToList();
        var end = Start + items.Count;
        return (items, end < all.Count ? $"<nextToken>{TokenPrefix}{end}</nextToken>" : "");
    }
}
