using System.Text.Json.Nodes;
using FastTrigger.Routing;
using static FastTrigger.Cli.Templates.TemplateGenerator;

namespace FastTrigger.Cli.Templates;

/// <summary>What watches the function and what it stands in: alarms, the trail that API calls come by, a network.</summary>
internal sealed class TemplateOperations(RouteTable table, TemplateSettings settings, IReadOnlyList<string> deadLetters, bool hasStreams, JsonObject parameters, JsonObject conditions, JsonObject resources)
{
    public void Generate()
    {
        resources["AlarmTopic"] = Parse("""{"Type": "AWS::SNS::Topic"}""");
        resources["AlarmSubscription"] = Parse("""
            {"Type": "AWS::SNS::Subscription", "Condition": "HasEmail", "Properties": {"TopicArn": {"Ref": "AlarmTopic"}, "Protocol": "email", "Endpoint": {"Ref": "AlarmEmail"}}}
            """);
        Alarm("ErrorsAlarm", "An invocation failed: an action was not done.", "AWS/Lambda", "Errors", OfFunction(), "Sum", 1);
        Alarm("ThrottlesAlarm", "Lambda had no environment left: events wait, and are late.", "AWS/Lambda", "Throttles", OfFunction(), "Sum", 1);
        // Milliseconds: 80 % of the timeout.
        Alarm("DurationAlarm", "An invocation came near its timeout.", "AWS/Lambda", "Duration", OfFunction(), "Maximum", settings.TimeoutSeconds * 800);
        if (hasStreams)
        {
            // Milliseconds.
            Alarm("IteratorAgeAlarm", "The function is a minute behind its stream: a record is tried again and again, or there are too many.", "AWS/Lambda", "IteratorAge", OfFunction(), "Maximum", 60_000);
        }

        foreach (var queue in deadLetters.Append("ParkedLetters"))
        {
            Alarm(
                queue + "Alarm",
                "Events lie here that were not acted on.",
                "AWS/SQS",
                "ApproximateNumberOfMessagesVisible",
                new() { ["Name"] = "QueueName", ["Value"] = new JsonObject { ["Fn::GetAtt"] = new JsonArray(queue, "QueueName") } },
                "Maximum",
                1);
        }

        AddTrail();
        AddNetwork();
    }

    private static JsonObject OfFunction() => new() { ["Name"] = "FunctionName", ["Value"] = Ref("AWS::StackName") };

    private void Alarm(string id, string why, string space, string metric, JsonObject dimension, string statistic, int threshold) => resources[id] = new JsonObject
    {
        ["Type"] = "AWS::CloudWatch::Alarm",
        ["Properties"] = new JsonObject
        {
            ["AlarmDescription"] = why,
            ["Namespace"] = space,
            ["MetricName"] = metric,
            ["Dimensions"] = new JsonArray(dimension),
            ["Statistic"] = statistic,
            ["Period"] = 60,
            ["EvaluationPeriods"] = 1,
            ["Threshold"] = threshold,
            ["ComparisonOperator"] = "GreaterThanOrEqualToThreshold",
            ["TreatMissingData"] = "notBreaching",
            ["AlarmActions"] = new JsonArray(Ref("AlarmTopic")),
        },
    };

    private void AddTrail()
    {
        parameters["CreateTrail"] = Parse("""{"Type": "String", "Default": "no", "AllowedValues": ["yes", "no"], "Description": "EventBridge sees API calls only in a region where some trail logs them; yes where the account has none"}""");
        conditions["HasTrail"] = Parse("""{"Fn::Equals": [{"Ref": "CreateTrail"}, "yes"]}""");
        resources["TrailBucket"] = PrivateBucket("A trail of management events that write. Without one, no rule for API calls such as RunInstances ever matches.", days: 90);
        resources["TrailBucket"]!["Condition"] = "HasTrail";
        resources["TrailBucketPolicy"] = Parse("""
            {
              "Type": "AWS::S3::BucketPolicy", "Condition": "HasTrail",
              "Properties": {
                "Bucket": {"Ref": "TrailBucket"},
                "PolicyDocument": {
                  "Version": "2012-10-17",
                  "Statement": [
                    {"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}, "Action": "s3:GetBucketAcl", "Resource": {"Fn::GetAtt": ["TrailBucket", "Arn"]},
                     "Condition": {"StringEquals": {"aws:SourceArn": {"Fn::Sub": "arn:${AWS::Partition}:cloudtrail:${AWS::Region}:${AWS::AccountId}:trail/${AWS::StackName}"}}}},
                    {"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}, "Action": "s3:PutObject", "Resource": {"Fn::Sub": "${TrailBucket.Arn}/AWSLogs/${AWS::AccountId}/*"},
                     "Condition": {"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control", "aws:SourceArn": {"Fn::Sub": "arn:${AWS::Partition}:cloudtrail:${AWS::Region}:${AWS::AccountId}:trail/${AWS::StackName}"}}}}
                  ]
                }
              }
            }
            """);
        resources["Trail"] = Parse("""
            {
              "Type": "AWS::CloudTrail::Trail", "Condition": "HasTrail", "DependsOn": "TrailBucketPolicy",
              "Properties": {
                "TrailName": {"Ref": "AWS::StackName"}, "S3BucketName": {"Ref": "TrailBucket"}, "IsLogging": true, "EnableLogFileValidation": true,
                "EventSelectors": [{"IncludeManagementEvents": true, "ReadWriteType": "WriteOnly"}]
              }
            }
            """);
    }

    private void AddNetwork()
    {
        parameters["VpcId"] = Parse("""{"Type": "String", "Default": "", "Description": "The network of servers that `call` and `check-website` reach; empty for none"}""");
        parameters["SubnetIds"] = Parse("""{"Type": "CommaDelimitedList", "Default": "", "Description": "Private subnets of it"}""");
        parameters["RouteTableIds"] = Parse("""{"Type": "CommaDelimitedList", "Default": "", "Description": "The route tables of these subnets, for the gateways"}""");
        parameters["CreateEndpoints"] = Parse("""{"Type": "String", "Default": "yes", "AllowedValues": ["yes", "no"], "Description": "no where the network has endpoints, or a way out"}""");
        conditions["InVpc"] = Parse("""{"Fn::Not": [{"Fn::Equals": [{"Ref": "VpcId"}, ""]}]}""");
        conditions["HasEndpoints"] = Parse("""{"Fn::And": [{"Condition": "InVpc"}, {"Fn::Equals": [{"Ref": "CreateEndpoints"}, "yes"]}]}""");
        resources["FunctionSecurityGroup"] = Parse("""
            {
              "#": "The function's own: nothing reaches it, and servers can name it as the only one that they accept.",
              "Type": "AWS::EC2::SecurityGroup", "Condition": "InVpc", "Properties": {"GroupDescription": "FastTrigger", "VpcId": {"Ref": "VpcId"}}
            }
            """);
        resources["EndpointSecurityGroup"] = Parse("""
            {
              "#": "The endpoints take calls of the function and of nobody else.",
              "Type": "AWS::EC2::SecurityGroup", "Condition": "HasEndpoints",
              "Properties": {
                "GroupDescription": "Endpoints of FastTrigger", "VpcId": {"Ref": "VpcId"},
                "SecurityGroupIngress": [{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "SourceSecurityGroupId": {"Ref": "FunctionSecurityGroup"}}]
              }
            }
            """);
        foreach (var service in Services())
        {
            resources[$"{char.ToUpperInvariant(service[0])}{service[1..]}Endpoint"] = Parse($$"""
                {
                  "Type": "AWS::EC2::VPCEndpoint", "Condition": "HasEndpoints",
                  "Properties": {
                    "VpcEndpointType": "Interface", "ServiceName": {"Fn::Sub": "com.amazonaws.${AWS::Region}.{{service}}"}, "VpcId": {"Ref": "VpcId"},
                    "SubnetIds": {"Ref": "SubnetIds"}, "SecurityGroupIds": [{"Ref": "EndpointSecurityGroup"}], "PrivateDnsEnabled": true
                  }
                }
                """);
        }

        foreach (var service in (ReadOnlySpan<string>)["dynamodb", "s3"])
        {
            resources[$"{char.ToUpperInvariant(service[0])}{service[1..]}Gateway"] = Parse($$"""
                {
                  "Type": "AWS::EC2::VPCEndpoint", "Condition": "HasEndpoints",
                  "Properties": {"VpcEndpointType": "Gateway", "ServiceName": {"Fn::Sub": "com.amazonaws.${AWS::Region}.{{service}}"}, "VpcId": {"Ref": "VpcId"}, "RouteTableIds": {"Ref": "RouteTableIds"} }
                }
                """);
        }
    }

    /// <summary>Those that every function gets, and what else its actions call.</summary>
    private IEnumerable<string> Services() =>
        ((string[])["ssm", "ec2", "sts"]).Concat(table.Routes.SelectMany(route => route.Actions).SelectMany(action => action.Endpoints).Select(endpoint => endpoint.Service).Where(service => service != "dynamodb")).Distinct();
}
