using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Auth;
using FastTrigger.Aws;
using FastTrigger.Core;
using FsCheck;
using FsCheck.Fluent;

namespace FastTrigger.Tests.Aws;

public sealed class SigV4SignerTests
{
    private static readonly AwsCredentials s_example = new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", null);

    /// <summary>The examples AWS publishes as its Signature Version 4 test suite (aws-sig-v4-test-suite), by their names there.</summary>
    public static TheoryData<string, string, string, string, string, string> Suite => new()
    {
        { "get-vanilla", "GET", "", "", "", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31" },
        { "get-vanilla-query-order-key-case", "GET", "Param2=value2&Param1=value1", "", "", "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500" },
        { "get-vanilla-empty-query-key", "GET", "Param1=value1", "", "", "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb" },
        { "get-header-value-trim", "GET", "", "My-Header1: value1|My-Header2: \"a   b   c\"", "", "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736" },
        { "get-header-key-duplicate", "GET", "", "My-Header1:value2|My-Header1:value2|My-Header1:value1", "", "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea" },
        { "post-vanilla", "POST", "", "", "", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b" },
        { "post-header-key-sort", "POST", "", "My-Header1:value1", "", "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c" },
        { "post-x-www-form-urlencoded", "POST", "", "Content-Type:application/x-www-form-urlencoded", "Param1=value1", "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a" },
    };

    [Theory]
    [MemberData(nameof(Suite))]
    public void Signatures_equal_those_of_the_published_suite(string name, string method, string query, string headers, string body, string expected)
    {
        var signed = new List<(string, string)> { ("Host", "example.amazonaws.com"), ("X-Amz-Date", "20150830T123600Z") };
        signed.AddRange(headers.Split('|', StringSplitOptions.RemoveEmptyEntries).Select(header => (header.Split(':')[0], header.Split(':')[1])));
        var parameters = query.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(pair => (pair.Split('=')[0], pair.Split('=')[1])).ToList();
        Assert.True(name.Length > 0);
        Assert.EndsWith("Signature=" + expected, Sign(new(method, "/", parameters, signed), Encoding.UTF8.GetBytes(body), s_example, "20150830T123600Z", "us-east-1", "service"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_signature_of_the_ListUsers_example_is_the_published_one()
    {
        var authorization = Sign(
            new("GET", "/", [("Action", "ListUsers"), ("Version", "2010-05-08")], [("content-type", "application/x-www-form-urlencoded; charset=utf-8"), ("host", "iam.amazonaws.com"), ("x-amz-date", "20150830T123600Z")]),
            [],
            s_example,
            "20150830T123600Z",
            "us-east-1",
            "iam");
        Assert.Equal("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7", authorization);
    }

    /// <summary>The oracle: AWSSDK.Core's own signer, on whatever request can be thought of.</summary>
    [Fact]
    public void Signatures_equal_those_of_the_AWS_SDK_on_any_request()
    {
        var text = ArbMap.Default.ArbFor<string>().Generator.Select(value => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(value ?? "")).Replace("\0", "", StringComparison.Ordinal));
        // The SDK sorts names before it encodes them, AWS's text after: names here are those for which both are the same.
        var name = Gen.Elements("a", "Zz", "x-y", "0", "q_.~");
        var word = Gen.Elements("a", "Zz", "x-y", "0", "q_.~", "Ünï", "a b", "a+b", "50%", "/", "=", "&", "*'()");
        var requests =
            from method in Gen.Elements("GET", "POST", "PUT")
            from segments in Gen.ListOf(Gen.Elements("a", "b-c", "d_e", "f.g", "~h", "0"))
            from query in Gen.ListOf(from key in name from value in word select (name: key, value))
            from headers in Gen.ListOf(from name in Gen.Elements("x-amz-one", "X-Amz-Two", "x-amz-three") from value in Gen.Elements("v", " spaced   out ", "1,2", "A=b;c") select (name, value))
            from body in text
            from token in Gen.Elements(null, "token/with+signs==")
            from service in Gen.Elements("ec2", "ssm", "sts", "dynamodb")
            select (method, path: "/" + string.Join('/', segments), query: query.DistinctBy(pair => pair.name).ToList(), headers: headers.DistinctBy(pair => pair.name).ToList(), body, token, service);
        var signed = 0;
        Prop.ForAll(requests.ToArbitrary(), request =>
        {
            signed++;
            var (expected, host, date, hash) = SdkSignature(request.method, request.path, request.query, request.headers, request.body, request.token, request.service);
            var headers = new List<(string Name, string Value)> { ("host", host), ("x-amz-date", date), ("content-type", "text/plain"), ("x-amz-content-sha256", hash) };
            headers.AddRange(request.headers);
            if (request.token is not null)
            {
                headers.Add(("X-Amz-Security-Token", request.token));
            }

            var ours = Sign(new(request.method, request.path, request.query, headers), Encoding.UTF8.GetBytes(request.body), new("AKIDEXAMPLE", "secret/key", request.token), date, "eu-central-1", request.service);
            return ours == expected;
        }).QuickCheckThrowOnFailure();
        Assert.True(signed >= 100);
    }

    [Theory]
    [InlineData("azAZ09-._~", "azAZ09-._~")]
    [InlineData(" +/=&%", "%20%2B%2F%3D%26%25")]
    [InlineData("ü€😀", "%C3%BC%E2%82%AC%F0%9F%98%80")]
    public void Text_is_encoded_as_AWS_wants_it(string text, string expected)
    {
        var buffer = new ByteBuffer();
        SigV4Signer.AppendEncoded(buffer, text);
        Assert.Equal(expected, buffer.ToString());
    }

    [Fact]
    public void A_key_is_made_anew_when_the_day_changes()
    {
        var signer = new SigV4Signer();
        var request = new SigningRequest("POST", "/", [], [("host", "h"), ("x-amz-date", "d")]);
        string Once(SigV4Signer by, string date)
        {
            var target = new ByteBuffer();
            by.Sign(target, request, [], s_example, date, "us-east-1", "ec2");
            return target.ToString();
        }

        var monday = Once(signer, "20261123T235959Z");
        Assert.Equal(Once(new(), "20261124T000000Z"), Once(signer, "20261124T000000Z"));
        Assert.Equal(monday, Once(signer, "20261123T235959Z"));
    }

    private static string Sign(SigningRequest request, byte[] body, AwsCredentials credentials, string date, string region, string service)
    {
        var target = new ByteBuffer();
        new SigV4Signer().Sign(target, request, body, credentials, date, region, service);
        return target.ToString();
    }

    private static (string Authorization, string Host, string Date, string Hash) SdkSignature(string method, string path, List<(string Name, string Value)> query, List<(string Name, string Value)> headers, string body, string? token, string service)
    {
        var request = new DefaultRequest(new SdkRequest(), service)
        {
            HttpMethod = method,
            ResourcePath = path,
            Endpoint = new Uri($"https://{service}.eu-central-1.amazonaws.com"),
            Content = Encoding.UTF8.GetBytes(body),
            UseQueryString = false,
            OverrideSigningServiceName = service,
            AuthenticationRegion = "eu-central-1",
        };
        request.Headers["content-type"] = "text/plain";
        foreach (var (name, value) in headers)
        {
            request.Headers[name] = value;
        }

        if (token is not null)
        {
            request.Headers["X-Amz-Security-Token"] = token;
        }

        foreach (var (name, value) in query)
        {
            request.ParameterCollection.Add(name, value);
        }

        request.UseQueryString = true;
        var result = new AWS4Signer().SignRequest(request, new SdkConfig(), null, "AKIDEXAMPLE", "secret/key");
        return (result.ForAuthorizationHeader, request.Headers["host"], request.Headers["X-Amz-Date"], request.Headers["x-amz-content-sha256"]);
    }

    private sealed class SdkRequest : AmazonWebServiceRequest;

    private sealed class NoDefaults : IDefaultConfigurationProvider
    {
        public IDefaultConfiguration GetDefaultConfiguration(Amazon.RegionEndpoint clientRegion, DefaultConfigurationMode? requestedConfigurationMode = null) => new DefaultConfiguration();
    }

    private sealed class SdkConfig() : ClientConfig(new NoDefaults())
    {
        public override string RegionEndpointServiceName => "ec2";

        public override string ServiceVersion => "2016-11-15";

        public override string UserAgent => "test";

        public override Amazon.Runtime.Endpoints.Endpoint DetermineServiceOperationEndpoint(Amazon.Runtime.Endpoints.ServiceOperationEndpointParameters parameters) => throw new NotSupportedException();
    }
}
