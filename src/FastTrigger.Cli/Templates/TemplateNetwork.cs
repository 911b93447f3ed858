using System.Text.Json.Nodes;
using FastTrigger.Dispatch;
using FastTrigger.Routing;
using static FastTrigger.Cli.Templates.CloudFormation;

namespace FastTrigger.Cli.Templates;

/// <summary>An optional VPC of the function: security groups, and endpoints for the services that it calls.</summary>
internal sealed class TemplateNetwork(RouteTable table, JsonObject parameters, JsonObject conditions, JsonObject resources)
{
    public void Generate()
    {
        AddParameters();
        conditions["InVpc"] = Parse("""{"Fn::Not": [{"Fn::Equals": [{"Ref": "VpcId"}, ""]}]}""");
        conditions["HasEndpoints"] = Parse("""
            {"Fn::And": [{"Condition": "InVpc"}, {"Fn::Equals": [{"Ref": "CreateEndpoints"}, "yes"]}]}
            """);
        AddSecurityGroups();
        foreach (var service in Services())
        {
            resources[Capitalize(service) + "Endpoint"] = CreateEndpoint(service);
        }

        foreach (var service in (ReadOnlySpan<string>)["dynamodb", "s3"])
        {
            resources[Capitalize(service) + "Gateway"] = CreateGateway(service);
        }
    }

    /// <summary>What CloudFormation checks before it begins.</summary>
    public static JsonObject Rules() => Parse("""
        {
          "Network": {
            "Assertions": [{
              "Assert": {"Fn::Or": [
                {"Fn::And": [{"Fn::Equals": [{"Ref": "VpcId"}, ""]}, {"Fn::Equals": [{"Ref": "SubnetIds"}, ""]}]},
                {"Fn::And": [
                  {"Fn::Not": [{"Fn::Equals": [{"Ref": "VpcId"}, ""]}]}, {"Fn::Not": [{"Fn::Equals": [{"Ref": "SubnetIds"}, ""]}]}
                ]}
              ]},
              "AssertDescription": "VpcId and SubnetIds belong together: give both, or none"
            }]
          }
        }
        """);

    private void AddParameters()
    {
        parameters["VpcId"] = Parse("""
            {
              "Type": "String", "Default": "",
              "Description": "The network of servers that `call` and `check-website` reach; empty for none"
            }
            """);
        parameters["SubnetIds"] = Parse("""
            {
              "Type": "String", "Default": "", "AllowedPattern": "[a-z0-9,-]*",
              "Description": "Private subnets of it, with commas between them"
            }
            """);
        parameters["RouteTableIds"] = Parse("""
            {"Type": "CommaDelimitedList", "Default": "", "Description": "The route tables of these subnets, for the gateways"}
            """);
        parameters["CreateEndpoints"] = Parse("""
            {
              "Type": "String", "Default": "yes", "AllowedValues": ["yes", "no"],
              "Description": "no where the network has endpoints, or a way out"
            }
            """);
    }

    private void AddSecurityGroups()
    {
        resources["FunctionSecurityGroup"] = Parse("""
            {
              "#": "The group of the function has no inbound rules, and a server can accept this group alone.",
              "Type": "AWS::EC2::SecurityGroup",
              "Condition": "InVpc",
              "Properties": {"GroupDescription": "FastTrigger", "VpcId": {"Ref": "VpcId"}}
            }
            """);
        resources["EndpointSecurityGroup"] = Parse("""
            {
              "#": "The endpoints accept calls of the function alone.",
              "Type": "AWS::EC2::SecurityGroup",
              "Condition": "HasEndpoints",
              "Properties": {
                "GroupDescription": "Endpoints of FastTrigger",
                "VpcId": {"Ref": "VpcId"},
                "SecurityGroupIngress": [
                  {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "SourceSecurityGroupId": {"Ref": "FunctionSecurityGroup"}}
                ]
              }
            }
            """);
    }

    private static JsonObject CreateEndpoint(string service) => Parse($$"""
        {
          "Type": "AWS::EC2::VPCEndpoint",
          "Condition": "HasEndpoints",
          "Properties": {
            "VpcEndpointType": "Interface",
            "ServiceName": {"Fn::Sub": "com.amazonaws.${AWS::Region}.{{service}}"},
            "VpcId": {"Ref": "VpcId"},
            "SubnetIds": {"Fn::Split": [",", {"Ref": "SubnetIds"}]},
            "SecurityGroupIds": [{"Ref": "EndpointSecurityGroup"}],
            "PrivateDnsEnabled": true
          }
        }
        """);

    private static JsonObject CreateGateway(string service) => Parse($$"""
        {
          "Type": "AWS::EC2::VPCEndpoint",
          "Condition": "HasEndpoints",
          "Properties": {
            "VpcEndpointType": "Gateway",
            "ServiceName": {"Fn::Sub": "com.amazonaws.${AWS::Region}.{{service}}"},
            "VpcId": {"Ref": "VpcId"},
            "RouteTableIds": {"Ref": "RouteTableIds"}
          }
        }
        """);

    /// <summary>The services that every function gets an endpoint for, and those that the routes call; DynamoDB has a gateway.</summary>
    private IEnumerable<string> Services()
    {
        var called = table.Routes.SelectMany(route => RouteCalls.Of(route)).Select(call => call.Operation.Service);
        return ((string[])["ssm", "ec2", "sts"]).Concat(called.Where(service => service != "dynamodb")).Distinct();
    }

    private static string Capitalize(string service) => char.ToUpperInvariant(service[0]) + service[1..];
}
