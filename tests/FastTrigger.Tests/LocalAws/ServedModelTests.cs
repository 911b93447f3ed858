using Amazon.Runtime;
using FastTrigger.Cli.LocalAws.Models;
using CliModel = FastTrigger.Tests.Aws.ServiceModel;

namespace FastTrigger.Tests.LocalAws;

/// <summary>The models of the local AWS have what AWS's own clients may send: the AWS CLI's models and the newest SDK.</summary>
public sealed class ServedModelTests
{
    public static TheoryData<string, string> Models => new()
    {
        { "autoscaling", "2011-01-01" },
        { "codepipeline", "2015-07-09" },
        { "config", "2014-11-12" },
        { "dynamodb", "2012-08-10" },
        { "ec2", "2016-11-15" },
        { "events", "2015-10-07" },
        { "sqs", "2012-11-05" },
        { "ssm", "2014-11-06" },
        { "sts", "2011-06-15" },
    };

    [Theory]
    [MemberData(nameof(Models))]
    public void A_served_operation_has_the_members_and_limits_of_the_CLIs_model(string service, string version)
    {
        var (model, cli) = (ServiceModel.Load(service), CliModel.Load(service, version));
        foreach (var operation in model.Operations)
        {
            var shapes = new HashSet<string>();
            Compare(cli, cli.Input(operation), model.Input(operation), shapes, service == "sqs");
        }
    }

    [Theory]
    [InlineData("Amazon.EC2", "ec2")]
    [InlineData("Amazon.SimpleSystemsManagement", "ssm")]
    [InlineData("Amazon.SQS", "sqs")]
    [InlineData("Amazon.DynamoDBv2", "dynamodb")]
    [InlineData("Amazon.SecurityToken", "sts")]
    public void A_member_of_the_SDKs_request_is_accepted_or_refused_by_name(string sdk, string service)
    {
        Type[] clients =
        [
            typeof(Amazon.EC2.AmazonEC2Client), typeof(Amazon.SimpleSystemsManagement.AmazonSimpleSystemsManagementClient),
            typeof(Amazon.SQS.AmazonSQSClient), typeof(Amazon.DynamoDBv2.AmazonDynamoDBClient),
            typeof(Amazon.SecurityToken.AmazonSecurityTokenServiceClient),
        ];
        var assembly = clients.Single(client => client.Namespace == sdk).Assembly;
        var model = ServiceModel.Load(service);
        foreach (var operation in model.Operations)
        {
            var request = assembly.GetType($"{sdk}.Model.{operation}Request")!;
            var names = request.GetProperties()
                .Where(property => property.DeclaringType != typeof(AmazonWebServiceRequest) && property.CanWrite)
                .Select(property => property.Name);
            Assert.Equal([], names.Except(model.Input(operation).Members.Keys, StringComparer.OrdinalIgnoreCase));
        }
    }

    private static void Compare(CliModel cli, string name, Shape shape, HashSet<string> seen, bool withoutEnums)
    {
        if (!seen.Add(name))
        {
            return;
        }

        var expected = cli.Describe(name);
        Assert.Equal((name, expected["type"]!.ToString()), (name, shape.Type));
        Assert.Equal((name, (int?)expected["min"], (int?)expected["max"]), (name, shape.Min, shape.Max));
        Assert.Equal(expected["pattern"]?.ToString(), shape.PatternText);
        Assert.Equal(Texts(expected["required"]), shape.Required);
        Assert.Equal(withoutEnums ? [] : Texts(expected["enum"]), shape.Enum);
        // The pattern is one that .NET reads.
        _ = shape.Pattern?.IsMatch("x");
        foreach (var (member, description) in expected["members"]?.AsObject() ?? [])
        {
            Compare(cli, description!["shape"]!.ToString(), shape.Members[member].Shape, seen, withoutEnums);
        }

        if (shape.Type == "list")
        {
            Compare(cli, expected["member"]!["shape"]!.ToString(), shape.Element.Shape, seen, withoutEnums);
        }
        else if (shape.Type == "map")
        {
            Compare(cli, expected["key"]!["shape"]!.ToString(), shape.Key.Shape, seen, withoutEnums);
            Compare(cli, expected["value"]!["shape"]!.ToString(), shape.Value.Shape, seen, withoutEnums);
        }
    }

    private static IEnumerable<string> Texts(System.Text.Json.Nodes.JsonNode? list) =>
        list?.AsArray().Select(text => text!.ToString()) ?? [];
}
