using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FastTrigger.Cli.Samples;
using FastTrigger.Events;
using FastTrigger.Tests.Support;
using JsonNode = System.Text.Json.Nodes.JsonNode;

namespace FastTrigger.Tests.Routing;

/// <summary>The schema of routes.json has the sources and chains that `from` takes (C1.3), and no others.</summary>
public sealed partial class SourceSchemaTests
{
    private static readonly string s_file = Path.Combine(TestEnvironment.Root, "build", "routes.schema.json");

    private static readonly JsonNode s_from = JsonNode.Parse(File.ReadAllText(s_file))!["$defs"]!["route"]!["properties"]!["from"]!;

    private static readonly JsonNode[] s_forms = [.. s_from["items"]!["anyOf"]!.AsArray().Select(form => form!)];

    private static readonly HashSet<string> s_names =
        [.. s_forms.Select(form => form["enum"]).OfType<JsonArray>().SelectMany(names => names).Select(name => name!.ToString())];

    private static readonly Regex[] s_patterns =
        [.. s_forms.Select(form => form["pattern"]).OfType<JsonNode>().Select(text => new Regex(text.ToString(), RegexOptions.ECMAScript))];

    [Fact]
    public void The_schema_enumerates_every_source() =>
        Assert.Equal(EventSources.Names.Order(StringComparer.Ordinal), s_names.Order(StringComparer.Ordinal));

    [Fact]
    public void The_schema_takes_the_chains_that_a_route_takes_and_no_others()
    {
        var pairs = Append(EventSources.Names);
        var triples = Append(pairs);
        // Longer chains are of a pipe, or repeat what triples have.
        var all = EventSources.Names.Concat(pairs).Concat(triples).Concat(triples.Select(chain => $"pipes/{chain}"));
        var differences = all.Where(chain => Takes(chain) != (EventSources.Chains(chain).Count > 0));
        Assert.Empty(differences);
    }

    [Fact]
    public void The_description_names_the_sources_that_a_route_must_name()
    {
        var named = SampleEvents.All
            .Where(entry => Open(entry.Sample).Any(item => item.IsNamedOnly))
            .Select(entry => entry.Source.Name)
            .Distinct()
            .Order(StringComparer.Ordinal);
        var exceptions = s_from["description"]!.ToString().Split("Default: all but ")[1];
        var listed = Word().Matches(exceptions).Select(word => word.Value).Intersect(EventSources.Names);
        Assert.Equal(named, listed.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("\"sns/sqs\"", false)]
    [InlineData("\"documentdb/s3\"", false)]
    [InlineData("\"nowhere\"", false)]
    [InlineData("1", false)]
    public async Task An_independent_validator_takes_every_source_and_nothing_else(string? other, bool isValid)
    {
        var samples = SampleEvents.Names.Select(name => name.Split('-')[0]).Where(name => EventSources.Chains(name).Count > 0);
        var valid = EventSources.Names.Concat(samples).Select(name => $"\"{name}\"");
        var from = string.Join(',', other is null ? valid : valid.Append(other));
        var routes = $$"""
            {"routes":[{
              "name":"a","from":[{{from}}],"auth":"none","when":{"x":["y"]},
              "do":[{"check-website":{"url":"https://example.com/"} }]
            }]}
            """;
        Assert.Equal(isValid, RoutesText.Read(routes, out _) is not null);
        var (exitCode, error) = await ValidateAsync(routes);
        Assert.DoesNotContain("No module", error, StringComparison.Ordinal);
        Assert.True((exitCode == 0) == isValid, error);
    }

    private static List<string> Append(IEnumerable<string> chains) =>
        [.. chains.SelectMany(chain => EventSources.Names.Select(name => $"{chain}/{name}"))];

    private static bool Takes(string chain) => s_names.Contains(chain) || Array.Exists(s_patterns, pattern => pattern.IsMatch(chain));

    private static List<Item> Open(EventSample sample)
    {
        using var document = JsonDocument.Parse(SampleEvents.Read(sample.Name));
        return [.. EventSources.Open(document.RootElement.Clone(), "request", _ => true).Items];
    }

    private static async Task<(int ExitCode, string Error)> ValidateAsync(string routes)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, routes, TestContext.Current.CancellationToken);
        string[] arguments = ["-W", "ignore", "-m", "jsonschema", "-i", file, s_file];
        using var process = Process.Start(new ProcessStartInfo("/usr/bin/python3", arguments) { RedirectStandardError = true })!;
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        File.Delete(file);
        return (process.ExitCode, error);
    }

    [GeneratedRegex("[a-z0-9]+")]
    private static partial Regex Word();
}
