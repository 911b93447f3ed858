using FastTrigger.Cli.LocalAws;
using FastTrigger.Json;

namespace FastTrigger.Tests.LocalAws;

/// <summary>What is wrong with a fault of a world file is said where it stands.</summary>
public sealed class WorldReaderTests
{
    [Theory]
    [InlineData("SendComand", "'operation' is \"SendComand\"; did you mean 'SendCommand'?")]
    [InlineData("ssm:SendCommand", "'operation' is \"ssm:SendCommand\"; it takes ")]
    [InlineData("DescribeVpcs", "'operation' is \"DescribeVpcs\"; it takes ")]
    public void An_operation_that_no_local_service_has_is_a_mistake(string operation, string expected)
    {
        var text = Encoding.UTF8.GetBytes($$"""{"faults": [{"kind": "throttle", "operation": "{{operation}}"}]}""");
        var problems = new JsonProblems("world.json", text);
        Assert.Null(WorldReader.Read(text, problems));
        var problem = Assert.Single(problems.Found);
        Assert.Equal((1, 47), (problem.Line, problem.Column));
        Assert.StartsWith(expected, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_operation_that_is_served_can_have_a_fault()
    {
        using var world = new LocalWorld(new(), "us-east-1", "123456789012");
        var operations = new ServiceFinder(world, (_, _, _) => { }).All.SelectMany(service => service.Operations).Append("PutObject");
        var faults = operations.Select(operation => $$"""{"kind": "throttle", "operation": "{{operation}}"}""");
        var text = Encoding.UTF8.GetBytes($$"""{"faults": [{"kind": "throttle"}, {{string.Join(',', faults)}}]}""");
        var problems = new JsonProblems("world.json", text);
        Assert.NotNull(WorldReader.Read(text, problems));
    }
}
