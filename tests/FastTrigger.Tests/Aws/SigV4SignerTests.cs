using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.Endpoints;
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

    /// <summary>Examples of the Signature Version 4 test suite that AWS publishes (aws-sig-v4-test-suite), with their names.</summary>
    public static TheoryData<string, string, string, string, string, string> Suite => new()
    {
        {
            "get-vanilla",
            "GET", "", "", "",
            "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"
        },
        {
            "get-vanilla-query-order-key-case",
            "GET", "Param2=value2&Param1=value1", "", "",
            "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"
        },
        {
            "get-vanilla-empty-query-key",
            "GET", "Param1=value1", "", "",
            "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb"
        },
        {
            "get-header-value-trim",
            "GET", "", "My-Header1: value1|My-Header2: \"a   b   c\"", "",
            "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"
        },
        {
            "get-header-key-duplicate",
            "GET", "", "My-Header1:value2|My-Header1:value2|My-Header1:value1", "",
            "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea"
        },
        {
            "post-vanilla",
            "POST", "", "", "",
            "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"
        },
        {
            "post-header-key-sort",
            "POST", "", "My-Header1:value1", "",
            "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c"
        },
        {
            "post-x-www-form-urlencoded",
            "POST", "", "Content-Type:application/x-www-form-urlencoded", "Param1=value1",
            "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"
        },
    };

    [Theory]
    [MemberData(nameof(Suite))]
    public void Signatures_equal_those_of_the_published_suite(
        string name,
        string method,
        string query,
        string headers,
        string body,
        string expected)
    {
        var signed = new List<(string, string)> { ("Host", "example.amazonaws.com"), ("X-Amz-Date", "20150830T123600Z") };
        signed.AddRange(Pairs(headers, '|', ':'));
        var request = new SigningRequest(method, "/", [.. Pairs(query, '&', '=')], signed);
        Assert.True(name.Length > 0);
        var authorization = Sign(request, Encoding.UTF8.GetBytes(body), s_example, "20150830T123600Z", "us-east-1", "service");
        Assert.EndsWith("Signature=" + expected, authorization, StringComparison.Ordinal);
    }

    private static IEnumerable<(string, string)> Pairs(string text, char separator, char equals) => text
        .Split(separator, StringSplitOptions.RemoveEmptyEntries)
        .Select(pair => pair.Split(equals))
        .Select(pair => (pair[0], pair[1]));

    [Fact]
    public void The_signature_of_the_ListUsers_example_is_the_published_one()
    {
        var request = new SigningRequest(
            "GET",
            "/",
            [("Action", "ListUsers"), ("Version", "2010-05-08")],
            [
                ("content-type", "application/x-www-form-urlencoded; charset=utf-8"),
                ("host", "iam.amazonaws.com"),
                ("x-amz-date", "20150830T123600Z"),
            ]);
        Assert.Equal(
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, " +
            "SignedHeaders=content-type;host;x-amz-date, " +
            "Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7",
            Sign(request, [], s_example, "20150830T123600Z", "us-east-1", "iam"));
    }

    /// <summary>The oracle is the signer of AWSSDK.Core, on generated requests.</summary>
    [Fact]
    public void Signatures_equal_those_of_the_AWS_SDK_on_any_request()
    {
        var signed = 0;
        Prop.ForAll(Requests.ToArbitrary(), request =>
        {
            signed++;
            var (expected, host, date, hash) = SdkSignature(request);
            List<(string Name, string Value)> headers =
            [
                ("host", host),
                ("x-amz-date", date),
                ("content-type", "text/plain"),
                ("x-amz-content-sha256", hash),
                .. request.Headers,
            ];
            if (request.Token is not null)
            {
                headers.Add(("X-Amz-Security-Token", request.Token));
            }

            var signing = new SigningRequest(request.Method, request.Path, request.Query, headers);
            var credentials = new AwsCredentials("AKIDEXAMPLE", "secret/key", request.Token);
            var body = Encoding.UTF8.GetBytes(request.Body);
            return Sign(signing, body, credentials, date, "eu-central-1", request.Service) == expected;
        }).QuickCheckThrowOnFailure();
        Assert.True(signed >= 100);
    }

    [Theory]
    [InlineData("azAZ09-._~", "azAZ09-._~")]
    [InlineData(" +/=&%", "%20%2B%2F%3D%26%25")]
    [InlineData("ü€😀", "%C3%BC%E2%82%AC%F0%9F%98%80")]
    public void Text_is_percent_encoded_by_AWSs_rules(string text, string expected)
    {
        var buffer = new ByteBuffer();
        QueryText.AppendEncoded(buffer, text);
        Assert.Equal(expected, buffer.ToString());
    }

    [Fact]
    public void A_new_signing_key_is_derived_when_the_day_changes()
    {
        var signer = new SigV4Signer();
        var request = new SigningRequest("POST", "/", [], [("host", "h"), ("x-amz-date", "d")]);
        string SignAt(SigV4Signer by, string date)
        {
            var target = new ByteBuffer();
            by.Sign(target, request, [], s_example, date, "us-east-1", "ec2");
            return target.ToString();
        }

        var monday = SignAt(signer, "20261123T235959Z");
        Assert.Equal(SignAt(new(), "20261124T000000Z"), SignAt(signer, "20261124T000000Z"));
        Assert.Equal(monday, SignAt(signer, "20261123T235959Z"));
    }

    /// <summary>Random requests. The SDK sorts names before it encodes them, AWS after. These names have the same order in both.</summary>
    private static Gen<AnyRequest> Requests
    {
        get
        {
            var pairs =
                from name in Gen.Elements("a", "Zz", "x-y", "0", "q_.~")
                from value in Gen.Elements("a", "Zz", "x-y", "0", "q_.~", "Ünï", "a b", "a+b", "50%", "/", "=", "&", "*'()")
                select (Name: name, Value: value);
            var fields =
                from name in Gen.Elements("x-amz-one", "X-Amz-Two", "x-amz-three")
                from value in Gen.Elements("v", " spaced   out ", "1,2", "A=b;c")
                select (Name: name, Value: value);
            return
                from method in Gen.Elements("GET", "POST", "PUT")
                from segments in Gen.ListOf(Gen.Elements("a", "b-c", "d_e", "f.g", "~h", "0"))
                from query in Gen.ListOf(pairs)
                from headers in Gen.ListOf(fields)
                from body in ArbMap.Default.GeneratorFor<string>()
                from token in Gen.Elements(null, "token/with+signs==")
                from service in Gen.Elements("ec2", "ssm", "sts", "dynamodb")
                select new AnyRequest(
                    method,
                    "/" + string.Join('/', segments),
                    [.. query.DistinctBy(pair => pair.Name)],
                    [.. headers.DistinctBy(pair => pair.Name)],
                    WellFormed(body),
                    token,
                    service);
        }
    }

    /// <summary>Text without NUL and without half of a surrogate pair.</summary>
    private static string WellFormed(string? text) =>
        Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text ?? "")).Replace("\0", "", StringComparison.Ordinal);

    private static string Sign(
        SigningRequest request,
        byte[] body,
        AwsCredentials credentials,
        string date,
        string region,
        string service)
    {
        var target = new ByteBuffer();
        new SigV4Signer().Sign(target, request, body, credentials, date, region, service);
        return target.ToString();
    }

    private static (string Authorization, string Host, string Date, string Hash) SdkSignature(AnyRequest any)
    {
        var request = new DefaultRequest(new SdkRequest(), any.Service)
        {
            HttpMethod = any.Method,
            ResourcePath = any.Path,
            Endpoint = new Uri($"https://{any.Service}.eu-central-1.amazonaws.com"),
            Content = Encoding.UTF8.GetBytes(any.Body),
            UseQueryString = false,
            OverrideSigningServiceName = any.Service,
            AuthenticationRegion = "eu-central-1",
        };
        var headers = request.Headers;
        headers["content-type"] = "text/plain";
        foreach (var (name, value) in any.Headers)
        {
            headers[name] = value;
        }

        if (any.Token is not null)
        {
            headers["X-Amz-Security-Token"] = any.Token;
        }

        foreach (var (name, value) in any.Query)
        {
            request.ParameterCollection.Add(name, value);
        }

        request.UseQueryString = true;
        var result = new AWS4Signer().SignRequest(request, new SdkConfig(), null, "AKIDEXAMPLE", "secret/key");
        return (result.ForAuthorizationHeader, headers["host"], headers["X-Amz-Date"], headers["x-amz-content-sha256"]);
    }

    private sealed record AnyRequest(
        string Method,
        string Path,
        List<(string Name, string Value)> Query,
        List<(string Name, string Value)> Headers,
        string Body,
        string? Token,
        string Service);

    private sealed class SdkRequest : AmazonWebServiceRequest;

    private sealed class NoDefaults : IDefaultConfigurationProvider
    {
        public IDefaultConfiguration GetDefaultConfiguration(
            RegionEndpoint clientRegion,
            DefaultConfigurationMode? requestedConfigurationMode = null) =>
            new DefaultConfiguration();
    }

    private sealed class SdkConfig() : ClientConfig(new NoDefaults())
    {
        public override string RegionEndpointServiceName => "ec2";

        public override string ServiceVersion => "2016-11-15";

        public override string UserAgent => "test";

        public override Endpoint DetermineServiceOperationEndpoint(ServiceOperationEndpointParameters parameters) =>
            throw new NotSupportedException();
    }
}
