using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using FastTrigger.Cli.LocalAws;
using FastTrigger.Tests.Support;

namespace FastTrigger.Tests.LocalAws;

/// <summary>A request is refused for its signature before anything in its body counts.</summary>
public sealed class RequestOrderTests
{
    private const string Scope = "AWS4-HMAC-SHA256 Credential=KEY/20261126/us-east-1/SERVICE/aws4_request, SignedHeaders=host, Signature=0";

    [Theory]
    [InlineData("{nonsense")]
    [InlineData("[]")]
    [InlineData("{\"Status\":\"SUCCESS\",\"Status\":\"FAILED\"}")]
    public async Task A_malformed_response_of_a_custom_resource_is_no_server_error(string body)
    {
        await using var aws = await AwsFixture.StartAsync();
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Put, aws.Server.HttpUrl + "/stack?X-Amz-Signature=0");
        request.Headers.Host = "bucket.s3.us-east-1.amazonaws.com";
        request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Theory]
    [InlineData("ssm", "AmazonSSM.GetParameter", "application/x-amz-json-1.1", "{nonsense", "InvalidSignatureException")]
    [InlineData("ssm", "AmazonSSM.Nonsense", "application/x-amz-json-1.1", "{}", "InvalidSignatureException")]
    [InlineData("sqs", "AmazonSQS.SendMessage", "text/plain", "", "InvalidSignatureException")]
    [InlineData("sqs", "", "application/x-www-form-urlencoded", "Action=Nonsense&a=1&a=2", "SignatureDoesNotMatch")]
    [InlineData("ec2", "", "application/x-www-form-urlencoded", "", "AuthFailure")]
    [InlineData("kinesis", "", "application/x-www-form-urlencoded", "", "does not serve kinesis")]
    [InlineData("", "AmazonSSM.GetParameter", "application/x-amz-json-1.1", "{nonsense", "MissingAuthenticationTokenException")]
    [InlineData("", "", "application/x-www-form-urlencoded", "Action=SendMessage", "MissingAuthenticationToken")]
    [InlineData("", "Kinesis_20131202.ListStreams", "application/x-amz-json-1.1", "{}", "does not serve Kinesis_20131202")]
    public async Task A_wrong_signature_is_reported_first(string service, string target, string contentType, string body, string code)
    {
        await using var aws = await AwsFixture.StartAsync();
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, aws.Server.HttpUrl) { Content = new StringContent(body) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        request.Headers.Add("x-amz-date", DateTime.UtcNow.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture));
        if (target.Length > 0)
        {
            request.Headers.Add("x-amz-target", target);
        }

        if (service.Length > 0)
        {
            var authorization = Scope
                .Replace("KEY", LocalKeys.AccessKeyId, StringComparison.Ordinal)
                .Replace("20261126", DateTime.UtcNow.ToString("yyyyMMdd", CultureInfo.InvariantCulture), StringComparison.Ordinal)
                .Replace("SERVICE", service, StringComparison.Ordinal);
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Contains(code, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        var isServed = !code.StartsWith("does", StringComparison.Ordinal);
        Assert.Equal(isServed ? HttpStatusCode.Forbidden : HttpStatusCode.BadRequest, response.StatusCode);
    }
}
