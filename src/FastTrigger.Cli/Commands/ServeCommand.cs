using System.CommandLine;
using FastTrigger.Cli.LocalAws;

namespace FastTrigger.Cli.Commands;

/// <summary>fasttrigger serve: the same servers, kept up for AWS's own clients.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var port = new Option<int>("--port") { Description = "The port of the AWS endpoint; 0 takes a free one", DefaultValueFactory = _ => 4000 };
        var letters = new Option<string?>("--dead-letter-queue") { Description = "The queue for asynchronous invocations that failed for good", HelpName = "NAME" };
        var failures = new Option<string?>("--on-failure") { Description = "The queue that is their on-failure destination", HelpName = "NAME" };
        var options = new LocalCommandOptions();
        var command = new Command("serve", """
            Keep the local servers up: a Lambda with this function, and the AWS that it calls, for the AWS CLI and SDKs. Ends with Ctrl-C.

            Example:
              fasttrigger serve --port 4000 --routes my-routes.json
            """) { port, letters, failures };
        options.AddTo(command);
        command.SetAction((parsed, token) => ServeAsync(options.Read(parsed) with { Port = parsed.GetValue(port), DeadLetterQueue = parsed.GetValue(letters), OnFailure = parsed.GetValue(failures) }, token));
        return command;
    }

    private static async Task<int> ServeAsync(LocalOptions options, CancellationToken token)
    {
        await using var run = await LocalRun.StartAsync(options);
        Console.WriteLine($"""
            {run.Aws.HttpUrl} is AWS: Lambda ({run.Function.Settings.Name}), EC2, Systems Manager, STS, DynamoDB, SQS, Auto Scaling
            {run.Aws.HttpsUrl} is the same over https, for whoever trusts {run.Aws.AuthorityFile}

            export AWS_ACCESS_KEY_ID={LocalKeys.AccessKeyId} AWS_SECRET_ACCESS_KEY={LocalKeys.SecretAccessKey} AWS_REGION={options.Region}
            aws lambda invoke --endpoint-url {run.Aws.HttpUrl} --function-name {run.Function.Settings.Name} --cli-binary-format raw-in-base64-out --payload file://build/demo/tank-high.json /dev/stdout
            aws ssm list-command-invocations --endpoint-url {run.Aws.HttpUrl} --details
            aws ec2 describe-tags --endpoint-url {run.Aws.HttpUrl}
            """);
        var shown = 0;
        while (!token.IsCancellationRequested)
        {
            foreach (var line in run.Function.Logs.Skip(shown))
            {
                Console.WriteLine(line);
                shown++;
            }

            await Task.Delay(100, token).ContinueWith(_ => { }, TaskScheduler.Default);
        }

        return 0;
    }
}
