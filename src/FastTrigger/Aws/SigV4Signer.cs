using FastTrigger.Core;

namespace FastTrigger.Aws;

/// <summary>
/// AWS Signature Version 4 (docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html), by the rules of every
/// service but S3: path segments are encoded once more than they are sent. One signer serves one thread.
/// </summary>
internal sealed class SigV4Signer
{
    private const int MaxKeys = 32;

    private readonly ByteBuffer _canonical = new(2048), _text = new(256), _names = new(128);
    private readonly List<SigningKey> _keys = new(2);
    private readonly List<(string Name, string Value)> _sorted = new(8);
    private SigningKey? _key;

    /// <summary>Appends the value of the Authorization header.</summary>
    /// <param name="amzDate">The value of x-amz-date: yyyyMMddTHHmmssZ.</param>
    public void Sign(
        ByteBuffer target,
        in SigningRequest request,
        ReadOnlySpan<byte> body,
        AwsCredentials credentials,
        string amzDate,
        string region,
        string service)
    {
        Span<byte> hash = stackalloc byte[Sha256.Size];
        WriteCanonical(request, body, hash);
        Sha256.Hash(_canonical.Span, hash);
        _key = Key(credentials, amzDate.AsSpan(0, 8), region, service);
        _text.Clear().Append("AWS4-HMAC-SHA256\n"u8).Append(amzDate).Append((byte)'\n');
        AppendScope(_text).Append((byte)'\n').AppendHex(hash);
        Sha256.Hmac(_key.Key, _text.Span, hash);

        target.Append("AWS4-HMAC-SHA256 Credential="u8).Append(credentials.AccessKeyId).Append((byte)'/');
        AppendScope(target)
            .Append(", SignedHeaders="u8).Append(_names.Span)
            .Append(", Signature="u8).AppendHex(hash);
    }

    /// <summary>A key serves one service in one region, for one day and one set of credentials: those in use are kept.</summary>
    private SigningKey Key(AwsCredentials credentials, ReadOnlySpan<char> date, string region, string service)
    {
        for (var i = 0; i < _keys.Count; i++)
        {
            var key = _keys[i];
            if (key.Region == region && key.Service == service && key.Fits(credentials, date))
            {
                return key;
            }
        }

        if (_keys.Count == MaxKeys)
        {
            _keys.RemoveAt(0);
        }

        _keys.Add(new(credentials, date.ToString(), region, service));
        return _keys[^1];
    }

    private ByteBuffer AppendScope(ByteBuffer target) => target
        .Append(_key!.Date).Append((byte)'/')
        .Append(_key.Region).Append((byte)'/')
        .Append(_key.Service).Append("/aws4_request"u8);

    private void WriteCanonical(in SigningRequest request, ReadOnlySpan<byte> body, Span<byte> hash)
    {
        _canonical.Clear().Append(request.Method).Append((byte)'\n');
        QueryText.AppendEncoded(_canonical, request.Path, keepSlash: true);
        _canonical.Append((byte)'\n');
        AppendQuery(request.Query);
        _canonical.Append((byte)'\n');
        AppendHeaders(request.Headers);
        Sha256.Hash(body, hash);
        _canonical.Append((byte)'\n').Append(_names.Span).Append((byte)'\n').AppendHex(hash);
    }

    private void AppendQuery(IReadOnlyList<(string Name, string Value)> query)
    {
        if (query.Count == 0)
        {
            return;
        }

        var encoded = new List<(string Name, string Value)>(query.Count);
        foreach (var (name, value) in query)
        {
            encoded.Add((Encoded(name), Encoded(value)));
        }

        QueryText.Sort(encoded, static (a, b) =>
            string.CompareOrdinal(a.Name, b.Name) is not 0 and var order ? order : string.CompareOrdinal(a.Value, b.Value));
        for (var i = 0; i < encoded.Count; i++)
        {
            _canonical.Append(i > 0 ? "&"u8 : ""u8).Append(encoded[i].Name).Append((byte)'=').Append(encoded[i].Value);
        }
    }

    private string Encoded(string text)
    {
        QueryText.AppendEncoded(_text.Clear(), text);
        return _text.ToString();
    }

    private void AppendHeaders(IReadOnlyList<(string Name, string Value)> headers)
    {
        var sorted = _sorted;
        sorted.Clear();
        for (var i = 0; i < headers.Count; i++)
        {
            var (name, value) = headers[i];
            sorted.Add((name.ToLowerInvariant(), value));
        }

        QueryText.Sort(sorted, static (a, b) => string.CompareOrdinal(a.Name, b.Name));
        _names.Clear();
        for (var i = 0; i < sorted.Count; i++)
        {
            if (i > 0 && sorted[i].Name == sorted[i - 1].Name)
            {
                // A header that occurs twice is one header with both values, in their order.
                _canonical.Truncate(_canonical.Length - 1);
                _canonical.Append((byte)',');
            }
            else
            {
                _names.Append(i > 0 ? ";"u8 : ""u8).Append(sorted[i].Name);
                _canonical.Append(sorted[i].Name).Append((byte)':');
            }

            AppendTrimmed(sorted[i].Value);
            _canonical.Append((byte)'\n');
        }
    }

    /// <summary>Appends the value without spaces at its ends, and with one space where there are several.</summary>
    private void AppendTrimmed(string value)
    {
        var rest = value.AsSpan().Trim();
        while (!rest.IsEmpty)
        {
            var gap = rest.IndexOf(' ');
            _canonical.Append(gap < 0 ? rest : rest[..(gap + 1)]);
            rest = gap < 0 ? [] : rest[gap..].TrimStart(' ');
        }
    }
}
