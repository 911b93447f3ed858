using System.Text;
using FastTrigger.Core;

namespace FastTrigger.Aws;

/// <summary>The key that signs one day's requests to one service in one region, and the values that it derives from.</summary>
internal sealed class SigningKey
{
    private readonly AwsCredentials _credentials;
    private readonly byte[] _key = new byte[Sha256.Size];

    public SigningKey(AwsCredentials credentials, string date, string region, string service)
    {
        _credentials = credentials;
        Date = date;
        Region = region;
        Service = service;
        var secret = Encoding.UTF8.GetBytes("AWS4" + credentials.SecretAccessKey);
        Sha256.Hmac(secret, Encoding.UTF8.GetBytes(date), _key);
        Sha256.Hmac(_key, Encoding.UTF8.GetBytes(region), _key);
        Sha256.Hmac(_key, Encoding.UTF8.GetBytes(service), _key);
        Sha256.Hmac(_key, "aws4_request"u8, _key);
    }

    /// <summary>yyyyMMdd</summary>
    public string Date { get; }

    public string Region { get; }

    public string Service { get; }

    public ReadOnlySpan<byte> Key => _key;

    /// <summary>Whether it derives from these credentials on this day.</summary>
    public bool Fits(AwsCredentials credentials, ReadOnlySpan<char> date) =>
        date.SequenceEqual(Date) && _credentials == credentials;
}
