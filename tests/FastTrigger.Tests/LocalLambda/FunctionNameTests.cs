using FastTrigger.Cli.LocalAws;
using FastTrigger.Cli.LocalLambda;

namespace FastTrigger.Tests.LocalLambda;

/// <summary>The forms in which Lambda takes the name of a function.</summary>
public sealed class FunctionNameTests
{
    private const string Arn = "arn:aws:lambda:us-east-1:123456789012:function:fasttrigger";

    private static readonly FunctionSettings s_settings = new() { Bootstrap = "bootstrap" };

    [Theory]
    [InlineData("fasttrigger", null, Arn)]
    [InlineData("fasttrigger:live", null, Arn + ":live")]
    [InlineData("fasttrigger:$LATEST", null, Arn + ":$LATEST")]
    [InlineData("fasttrigger", "7", Arn + ":7")]
    [InlineData("fasttrigger:live", "live", Arn + ":live")]
    [InlineData("function:fasttrigger", null, Arn)]
    [InlineData("123456789012:function:fasttrigger", null, Arn)]
    [InlineData("123456789012:function:fasttrigger:live", null, Arn + ":live")]
    [InlineData("us-east-1:123456789012:function:fasttrigger", null, Arn)]
    [InlineData(Arn, null, Arn)]
    [InlineData(Arn + ":live", null, Arn + ":live")]
    [InlineData(Arn, "$LATEST", Arn + ":$LATEST")]
    public void A_form_of_the_name_is_the_function(string name, string? qualifier, string arn) =>
        Assert.Equal(arn, FunctionName.Resolve(name, qualifier, s_settings));

    [Theory]
    [InlineData("another", null, 404, "ResourceNotFoundException", "not found: arn:aws:lambda:us-east-1:123456789012:function:another")]
    [InlineData("another:live", null, 404, "ResourceNotFoundException", "function:another:live")]
    [InlineData("210987654321:function:fasttrigger", null, 404, "ResourceNotFoundException", "1:210987654321:function:fasttrigger")]
    [InlineData(
        "arn:aws:lambda:eu-west-1:123456789012:function:fasttrigger",
        null,
        404,
        "ResourceNotFoundException",
        "Functions from 'eu-west-1' are not reachable in this region ('us-east-1')")]
    [InlineData("fasttrigger:live", "test", 400, "InvalidParameterValueException", "does not match the specified qualifier")]
    [InlineData("fast trigger", null, 400, "ValidationException", "Value 'fast trigger' at 'functionName' failed")]
    [InlineData("arn:aws:sqs:us-east-1:123456789012:fasttrigger", null, 400, "ValidationException", "at 'functionName' failed")]
    [InlineData("fasttrigger", "a b", 400, "ValidationException", "Value 'a b' at 'qualifier' failed")]
    public void Another_name_has_the_error_of_lambda(string name, string? qualifier, int status, string code, string message)
    {
        var error = Assert.Throws<AwsError>(() => FunctionName.Resolve(name, qualifier, s_settings));
        Assert.Equal((status, code), (error.Status, error.Code));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }
}
