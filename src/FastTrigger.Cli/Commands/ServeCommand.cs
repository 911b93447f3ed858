using System.CommandLine;
using FastTrigger.Cli.LocalAws;

namespace FastTrigger.Cli.Commands;

/// <summary>fasttrigger serve: keeps the local servers running for the AWS CLI and SDKs.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var port = new Option<int>("--port")
        {
            Description = "The port of the AWS endpoint; 0 selects a free one",
            DefaultValueFactory = _ => 4000,
        };
        port.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && int.TryParse(text, out var given) && given is < 0 or > ushort.MaxValue)
            {
                result.AddError("--port takes 0 to 65535");
            }
        });
        var letters = new Option<string?>("--dead-letter-queue")
        {
            Description = "The dead-letter queue of asynchronous invocations",
            HelpName = "NAME",
        };
        var failures = new Option<string?>("--on-failure")
        {
            Description = "The queue that is the on-failure destination of asynchronous invocations",
            HelpName = "NAME",
        };
        var options = new LocalCommandOptions();
        var command = new Command("serve", """
            Run the local servers until Ctrl-C: Lambda with this function, and the AWS services that it calls, for the AWS CLI and SDKs.

            Example:
              fasttrigger serve --port 4000 --routes my-routes.json
            """) { port, letters, failures };
        options.AddTo(command);
        command.SetAction((parsed, token) =>
        {
            var local = options.Read(parsed) with
            {
                Port = parsed.GetValue(port),
                DeadLetterQueue = parsed.GetValue(letters),
                OnFailure = parsed.GetValue(failures),
            };
            return ServeAsync(local, token);
        });
        return command;
    }

    private static async Task<int> ServeAsync(LocalOptions options, CancellationToken token)
    {
        await using var run = await LocalRun.StartAsync(options);
        Console.Error.WriteLine(run.Files);
        var (name, url) = (run.Function.Settings.Name, run.Aws.HttpUrl);
        var keys = $"AWS_ACCESS_KEY_ID={LocalKeys.AccessKeyId} AWS_SECRET_ACCESS_KEY={LocalKeys.SecretAccessKey}";
        Console.WriteLine($"""
            {url} is AWS: Lambda ({name}), EC2, Systems Manager, STS, DynamoDB, SQS, EventBridge, Auto Scaling
            {run.Aws.HttpsUrl} is the same over https, with the CA file {run.Aws.AuthorityFile}

            export {keys} AWS_REGION={options.Region} AWS_DEFAULT_REGION={options.Region}
            aws lambda invoke --endpoint-url {url} --function-name {name} --cli-binary-format raw-in-base64-out \
              --payload file://build/demo/tank-high.json /dev/stdout
            aws ssm list-command-invocations --endpoint-url {url} --details
            aws ec2 describe-tags --endpoint-url {url}
            aws events put-events --endpoint-url {url} --entries file://my-entries.json
            """);
        var shown = 0;
        while (!token.IsCancellationRequested)
        {
            foreach (var line in run.Function.Logs.Skip(shown))
            {
                Console.WriteLine(line);
                shown++;
            }

            while (run.Function.Notes.TryDequeue(out var note))
            {
                Console.Error.WriteLine(note);
            }

            await Task.Delay(100, token).ContinueWith(_ => { }, TaskScheduler.Default);
        }

        return 0;
    }
}
