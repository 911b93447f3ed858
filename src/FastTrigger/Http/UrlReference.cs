namespace FastTrigger.Http;

/// <summary>Resolves the reference of a Location header against the URL that was asked for (RFC 3986, 5.2).</summary>
internal static class UrlReference
{
    /// <returns>A URL as text, with its fragment. It need not be one of http or https.</returns>
    public static string Resolve(Origin from, string reference)
    {
        var path = reference.AsSpan();
        var fragment = TakeFrom(ref path, '#');
        var query = TakeFrom(ref path, '?');
        var scheme = path[..SchemeLength(path)];
        path = path[scheme.Length..];
        ReadOnlySpan<char> authority = default;
        if (path.StartsWith("//"))
        {
            var slash = path[2..].IndexOf('/');
            authority = slash < 0 ? path : path[..(slash + 2)];
            path = path[authority.Length..];
        }

        if (scheme.IsEmpty)
        {
            scheme = from.Tls ? "https:" : "http:";
            if (authority.IsEmpty)
            {
                authority = "//" + from.Authority;
                var known = from.Path.AsSpan();
                var knownQuery = TakeFrom(ref known, '?');
                query = path.IsEmpty && query.IsEmpty ? knownQuery : query;
                path = path.IsEmpty ? known
                    : path[0] == '/' ? path
                    : string.Concat(known[..(known.LastIndexOf('/') + 1)], path);
            }
        }

        return string.Concat(string.Concat(scheme, authority, RemoveDots(path)), query, fragment);
    }

    /// <summary>Cuts the text before a mark; returns the rest, with the mark.</summary>
    private static ReadOnlySpan<char> TakeFrom(scoped ref ReadOnlySpan<char> text, char mark)
    {
        var at = text.IndexOf(mark);
        var rest = at < 0 ? default : text[at..];
        text = at < 0 ? text : text[..at];
        return rest;
    }

    /// <summary>The length of a scheme with its colon; 0 without one.</summary>
    private static int SchemeLength(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == ':')
            {
                return i > 0 && char.IsAsciiLetter(text[0]) ? i + 1 : 0;
            }

            if (!char.IsAsciiLetterOrDigit(text[i]) && text[i] is not ('+' or '-' or '.'))
            {
                return 0;
            }
        }

        return 0;
    }

    /// <summary>Removes the segments . and .. (RFC 3986, 5.2.4).</summary>
    private static ReadOnlySpan<char> RemoveDots(ReadOnlySpan<char> path)
    {
        var output = new char[path.Length];
        var length = 0;
        while (!path.IsEmpty && path[0] == '/')
        {
            var end = path[1..].IndexOf('/') + 1;
            var segment = end == 0 ? path : path[..end];
            path = path[segment.Length..];
            if (segment is not ("/." or "/.."))
            {
                segment.CopyTo(output.AsSpan(length));
                length += segment.Length;
                continue;
            }

            length = segment.Length == 2 ? length : Math.Max(output.AsSpan(0, length).LastIndexOf('/'), 0);
            if (path.IsEmpty)
            {
                output[length++] = '/';
            }
        }

        // What does not begin with a slash is of another scheme.
        path.CopyTo(output.AsSpan(length));
        return output.AsSpan(0, length + path.Length);
    }
}
