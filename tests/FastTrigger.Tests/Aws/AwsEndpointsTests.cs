using FastTrigger.Aws;

namespace FastTrigger.Tests.Aws;

public sealed class AwsEndpointsTests
{
    [Theory]
    [InlineData("ec2", "eu-central-1", false, "ec2.eu-central-1.amazonaws.com")]
    [InlineData("ssm", "cn-north-1", false, "ssm.cn-north-1.amazonaws.com.cn")]
    [InlineData("ssm", "us-gov-west-1", false, "ssm.us-gov-west-1.amazonaws.com")]
    [InlineData("ec2", "us-isob-east-1", false, "ec2.us-isob-east-1.sc2s.sgov.gov")]
    [InlineData("ec2", "eusc-de-east-1", false, "ec2.eusc-de-east-1.amazonaws.eu")]
    [InlineData("ec2", "us-east-1", true, "ec2-fips.us-east-1.amazonaws.com")]
    [InlineData("ssm", "us-gov-east-1", true, "ssm.us-gov-east-1.amazonaws.com")]
    public void A_service_has_its_host_in_its_partition(string service, string region, bool fips, string host)
    {
        var origin = new AwsEndpoints(name => name == "AWS_USE_FIPS_ENDPOINT" && fips ? "true" : null).For(service, region, out _);
        Assert.Equal((true, host, 443), (origin!.Tls, origin.Host, origin.Port));
    }

    [Theory]
    [InlineData("evil.example.com/1")]
    [InlineData("us-east-1.evil")]
    [InlineData("US-EAST-1")]
    [InlineData("moon-1")]
    [InlineData("us-east-")]
    [InlineData("")]
    public void Text_that_is_not_a_region_never_becomes_a_host_name_C6_1(string region)
    {
        Assert.Null(new AwsEndpoints(_ => null).For("ec2", region, out var problem));
        Assert.Contains($"'{region}'", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_configured_endpoint_comes_first_and_that_of_the_service_before_the_general_one()
    {
        var variables = new Dictionary<string, string>
        {
            ["AWS_ENDPOINT_URL"] = "http://127.0.0.1:1",
            ["AWS_ENDPOINT_URL_SSM"] = "https://vpce.example/ssm",
        };
        var endpoints = new AwsEndpoints(variables.GetValueOrDefault);
        Assert.Equal("127.0.0.1", endpoints.For("ec2", "us-east-1", out _)!.Host);
        var ssm = endpoints.For("ssm", "us-east-1", out _)!;
        Assert.Equal(("vpce.example", "/ssm"), (ssm.Host, ssm.Path));
        variables["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] = "true";
        Assert.Equal("ec2.us-east-1.amazonaws.com", new AwsEndpoints(variables.GetValueOrDefault).For("ec2", "us-east-1", out _)!.Host);
        variables.Remove("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS");
        variables["AWS_ENDPOINT_URL_EC2"] = "nonsense";
        Assert.Null(new AwsEndpoints(variables.GetValueOrDefault).For("ec2", "us-east-1", out var problem));
        Assert.StartsWith("AWS_ENDPOINT_URL_EC2: ", problem, StringComparison.Ordinal);
    }
}
