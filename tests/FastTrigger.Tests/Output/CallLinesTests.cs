using System.Text.Json.Nodes;
using FastTrigger.Cli.LocalAws;
using FastTrigger.Cli.Output;
using Spectre.Console;

namespace FastTrigger.Tests.Output;

/// <summary>The calls of a run: readable, and each of them told.</summary>
public sealed class CallLinesTests
{
    private const string Send = """
        {
          "DocumentName":"AWS-RunShellScript","Targets":[{"Key":"tag:Role","Values":["pump-controller"]}],
          "Parameters":{"commands":["one","two"],"executionTimeout":["30"]},"Comment":"start it"
        }
        """;

    [Theory]
    [InlineData(
        Send,
        200,
        "DocumentName=AWS-RunShellScript tag:Role=pump-controller commands=(6 characters) executionTimeout=30 Comment=\"start it\"")]
    [InlineData(Send, 70, "DocumentName=AWS-RunShellScript tag:Role=pump-controller ...")]
    [InlineData(Send, 10, "DocumentName=AWS-RunShellScript ...")]
    [InlineData("""{"Filters":[{"Name":"instance-id","Values":["i-1","i-2"]}]}""", 80, "instance-id=i-1,i-2")]
    [InlineData("""{"Tags":[{"Key":"Owner","Value":"alice"},{"Key":"Team","Value":""}]}""", 80, "Owner=alice Team=\"\"")]
    [InlineData("""{"Ids":["i-12345678","i-12345678","i-12345678","i-12345678"]}""", 80, "Ids=i-12345678,i-12345678,i-12345678,+1")]
    [InlineData("""{"A":{"B":{"C":1}},"D":null,"E":true,"F":[],"G":[{"x":1},[2]]}""", 80, "A.B.C=1 D=null E=true F= G=2 entries")]
    [InlineData("""{"Script":"one\ntwo"}""", 80, "Script=(7 characters)")]
    [InlineData("{}", 80, "")]
    public void Parameters_are_names_and_values_with_long_ones_folded(string parameters, int columns, string expected) =>
        Assert.Equal(expected, FoldedParameters.Fold(JsonNode.Parse(parameters)!, columns));

    [Fact]
    public void The_attempts_of_a_call_are_counted_and_those_that_ended_alike_share_a_line()
    {
        AwsCall[] calls = [Call(400, "ThrottlingException"), Call(400, "ThrottlingException"), Call(0, "reset"), Call(200)];
        Assert.Equal(
            """
              ssm SendCommand 400 ThrottlingException (attempts 1 to 2 of 4) Id=1
              ssm SendCommand no answer reset (attempt 3 of 4)
              ssm SendCommand 200 (attempt 4 of 4)

            """,
            Write(CallLines.Folded(calls, 80)));
    }

    [Fact]
    public void Calls_that_repeat_without_a_failure_are_counted_and_other_parameters_are_another_call()
    {
        AwsCall[] calls = [Call(200), Call(200), Call(200, id: 2), Call(200) with { Account = "210987654321" }];
        Assert.Equal(
            """
              ssm SendCommand 200 x2 Id=1
              ssm SendCommand 200 Id=2
              ssm SendCommand 200 Id=1

            """,
            Write(CallLines.Folded(calls, 80)));
    }

    [Fact]
    public void Every_call_by_itself_has_all_its_parameters()
    {
        var text = Write(CallLines.All([Call(400, "ThrottlingException"), Call(400, "ThrottlingException")]));
        Assert.Equal(string.Concat(Enumerable.Repeat("  ssm SendCommand 400 ThrottlingException {\"Id\":1}\n", 2)), text);
    }

    private static AwsCall Call(int status, string note = "", int id = 1) =>
        new("ssm", "SendCommand", status, new JsonObject { ["Id"] = id }, note, default, "123456789012");

    private static string Write(IEnumerable<StyledLine> lines)
    {
        var writer = new StringWriter { NewLine = "\n" };
        var console = AnsiConsole.Create(new() { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(writer) });
        console.Profile.Width = Terminal.Unlimited;
        foreach (var line in lines)
        {
            console.Write(line);
        }

        return writer.ToString();
    }
}
