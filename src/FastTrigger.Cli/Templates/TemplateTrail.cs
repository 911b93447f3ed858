using System.Text.Json.Nodes;
using static FastTrigger.Cli.Templates.CloudFormation;

namespace FastTrigger.Cli.Templates;

/// <summary>An optional CloudTrail trail, without which EventBridge receives no events of API calls.</summary>
internal sealed class TemplateTrail(JsonObject parameters, JsonObject conditions, JsonObject resources)
{
    private const string TrailArn = "arn:${AWS::Partition}:cloudtrail:${AWS::Region}:${AWS::AccountId}:trail/${AWS::StackName}";

    public void Generate()
    {
        parameters["CreateTrail"] = Parse("""
            {
              "Type": "String",
              "Default": "no",
              "AllowedValues": ["yes", "no"],
              "Description": "EventBridge receives API calls only in a region where a trail logs them; yes when the account has no trail"
            }
            """);
        conditions["HasTrail"] = Parse("""{"Fn::Equals": [{"Ref": "CreateTrail"}, "yes"]}""");
        resources["TrailBucket"] = PrivateBucket(
            "The bucket of a trail of write management events. Without a trail, no rule for API calls such as RunInstances matches.",
            days: 90);
        resources["TrailBucket"]!["Condition"] = "HasTrail";
        resources["TrailBucketPolicy"] = CreateBucketPolicy();
        resources["Trail"] = Parse("""
            {
              "Type": "AWS::CloudTrail::Trail",
              "Condition": "HasTrail",
              "DependsOn": "TrailBucketPolicy",
              "Properties": {
                "TrailName": {"Ref": "AWS::StackName"},
                "S3BucketName": {"Ref": "TrailBucket"},
                "IsLogging": true,
                "EnableLogFileValidation": true,
                "EventSelectors": [{"IncludeManagementEvents": true, "ReadWriteType": "WriteOnly"}]
              }
            }
            """);
    }

    /// <summary>The bucket policy that CloudTrail requires (docs.aws.amazon.com/awscloudtrail/latest/userguide).</summary>
    private static JsonObject CreateBucketPolicy() => Parse($$"""
        {
          "Type": "AWS::S3::BucketPolicy",
          "Condition": "HasTrail",
          "Properties": {
            "Bucket": {"Ref": "TrailBucket"},
            "PolicyDocument": {
              "Version": "2012-10-17",
              "Statement": [
                {
                  "Effect": "Allow",
                  "Principal": {"Service": "cloudtrail.amazonaws.com"},
                  "Action": "s3:GetBucketAcl",
                  "Resource": {"Fn::GetAtt": ["TrailBucket", "Arn"]},
                  "Condition": {"StringEquals": {"aws:SourceArn": {"Fn::Sub": "{{TrailArn}}"} } }
                },
                {
                  "Effect": "Allow",
                  "Principal": {"Service": "cloudtrail.amazonaws.com"},
                  "Action": "s3:PutObject",
                  "Resource": {"Fn::Sub": "${TrailBucket.Arn}/AWSLogs/${AWS::AccountId}/*"},
                  "Condition": {
                    "StringEquals": {
                      "s3:x-amz-acl": "bucket-owner-full-control",
                      "aws:SourceArn": {"Fn::Sub": "{{TrailArn}}"}
                    }
                  }
                }
              ]
            }
          }
        }
        """);
}
