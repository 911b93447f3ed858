using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using FastTrigger.Cli.Json;
using FastTrigger.Cli.LocalAws.Models;
using FastTrigger.Json;

namespace FastTrigger.Cli.Storm;

/// <summary>Reads a scenario file. Each mistake has its line and column.</summary>
internal static class ScenarioReader
{
    private const int MaxEnvironments = 10_000, MaxEvents = 1_000_000, MaxBatchWithoutWindow = 10;

    /// <summary>The operations that can have a quota, such as ec2:CreateTags.</summary>
    private static readonly Lazy<List<string>> s_operations = new(() =>
        [.. ServiceModel.Names.SelectMany(name => ServiceModel.Load(name).Operations.Select(operation => $"{name}:{operation}"))]);

    /// <exception cref="InvalidDataException">The file has mistakes. The message has all of them.</exception>
    public static StormScenario Load(string path)
    {
        var text = JsonText.Decode(File.ReadAllBytes(path));
        var problems = new JsonProblems(path, text);
        return Read(text, problems) ?? throw new InvalidDataException(problems.ToString());
    }

    /// <summary>Null, with every mistake, when the file is not right.</summary>
    /// <param name="text">The file without a byte order mark.</param>
    public static StormScenario? Read(byte[] text, JsonProblems problems)
    {
        if (JsonNodeReader.Read(text, problems) is not { } root)
        {
            JsonText.Explain(text, problems);
            return null;
        }

        var check = new JsonTypeCheck(StormJson.Default, problems) { PropertyChoices = OperationsOfQuotas };
        check.Check(root, StormJson.Default.StormScenario, "a scenario");
        if (problems.Any)
        {
            return null;
        }

        var scenario = JsonSerializer.Deserialize(text, StormJson.Default.StormScenario)!;
        CheckEnvironments(root, scenario, problems);
        CheckQuotas(root, problems);
        CheckQueue(root, scenario, problems);
        if (scenario.Arrivals.PerSecond * scenario.Arrivals.Seconds > MaxEvents)
        {
            problems.Add(root.Find("arrivals")!.Value, $"'arrivals' takes at most {MaxEvents} events, which is perSecond times seconds");
        }

        return problems.Any ? null : scenario;
    }

    private static List<string>? OperationsOfQuotas(JsonTypeInfo type, JsonPropertyInfo property) =>
        type.Type == typeof(ScenarioQuota) && property.Name == "operation" ? s_operations.Value : null;

    private static void CheckEnvironments(JsonNode root, StormScenario scenario, JsonProblems problems)
    {
        if (root.Find("environments") is { } list)
        {
            var items = list.Items.ToArray();
            if (items.Length == 0)
            {
                problems.Add(list, "'environments' takes at least one limit, such as [100]");
                return;
            }

            for (var i = 0; i < items.Length; i++)
            {
                if (scenario.Environments[i] is < 1 or > MaxEnvironments)
                {
                    problems.Add(items[i], $"a limit of environments is 1 to {MaxEnvironments}, not {scenario.Environments[i]}");
                }
            }
        }

        if (root.Find("provisioned") is { } provisioned && scenario.Provisioned > scenario.MaxEnvironments())
        {
            problems.Add(provisioned, $"'provisioned' is at most the largest of 'environments', which is {scenario.MaxEnvironments()}");
        }
    }

    private static void CheckQuotas(JsonNode root, JsonProblems problems)
    {
        var known = new HashSet<string>();
        foreach (var operation in (root.Find("quotas")?.Items.ToArray() ?? []).Select(static quota => quota.Find("operation")!.Value))
        {
            if (!known.Add(operation.Text))
            {
                problems.Add(operation, $"{operation.Text} has a quota already");
            }
        }
    }

    private static void CheckQueue(JsonNode root, StormScenario scenario, JsonProblems problems)
    {
        // docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html
        if (scenario.Queue is { BatchSize: > MaxBatchWithoutWindow, WindowSeconds: < 1 })
        {
            problems.Add(
                root.Find("queue")!.Value.Find("batchSize")!.Value,
                $"a 'batchSize' over {MaxBatchWithoutWindow} needs 'windowSeconds' of 1 or more, as Lambda demands");
        }
    }
}
