using FastTrigger.Cli.Samples;

namespace FastTrigger.NativeTests;

/// <summary>
/// The short form of build/starve.sh. Peaks are resident memory, of which most is the heap, whose limit is 96 MiB of 128. They have stayed
/// 22 MiB below the limit that is asserted, so that other libraries or another allocator do not fail it.
/// </summary>
public sealed class StarvationTests
{
    [Fact]
    public async Task The_worst_events_of_every_source_fit_into_128_MB_or_are_refused()
    {
        var result = await Artifacts.RunToolAsync(["starve", "--quick", "--whole-processor"]);
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        Assert.All(SampleEvents.FirstNames, name => Assert.Contains($"| {name} |", result.Output, StringComparison.Ordinal));
        Assert.Contains(" 0 ended the function.", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(" 0 refused", result.Output, StringComparison.Ordinal);
    }

    /// <summary>Lambda delivers again what failed: each time it ends as an error, and the next event is served.</summary>
    [Fact]
    public async Task An_event_that_takes_all_memory_may_come_again_and_again()
    {
        await using var function = await NativeFunction.StartAsync(
            """{"routes":[{"name":"r","when":{"a":{"b":["x"]}},"do":[{"tag":{"tags":{"a":"b"}}}]}]}""",
            variables: ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128"));
        var dots = string.Concat(Enumerable.Repeat(".a", 120));
        var names = string.Join(',', Enumerable.Range(0, 24_000).Select(i => $"\"{i}{dots}\":1"));
        for (var i = 0; i < 4; i++)
        {
            var (document, errorType) = await function.InvokeAsync("{" + names + "}");
            Assert.True(errorType == "Function.OutOfMemory", $"{i}: {errorType} {document?.ToJsonString()}");
        }

        // Of another form, and a little longer, so that it needs another buffer. Where it does fit, it has too many elements.
        var others = string.Concat(Enumerable.Repeat(",{\"a.b\":0}", 550_000));
        var refused = (await function.InvokeAsync("[0" + others + "]")).ErrorType;
        Assert.Contains(refused, (string?[])["Function.OutOfMemory", "Function.Unplayable"]);
        Assert.Null((await function.InvokeAsync("{}")).ErrorType);
    }

    /// <summary>What one event left behind takes no memory from the next, of whatever form it is.</summary>
    [Fact]
    public async Task What_fits_once_fits_again()
    {
        await using var function = await NativeFunction.StartAsync(
            """{"routes":[{"name":"r","when":{"body":{"a":["x"]}},"do":[{"tag":{"tags":{"a":"b"}}}]}]}""",
            variables: ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128"));
        var request = $$$"""
            {"version":"2.0","rawPath":"/","headers":{"content-type":"text/plain"},"isBase64Encoded":false,
            "requestContext":{"http":{"method":"POST","path":"/"},"requestId":"a"},"body":"{{{new string('a', 5_300_000)}}}"}
            """;
        foreach (var count in (int[])[60_000, 66_000, 70_000, 74_000])
        {
            var records = Enumerable.Range(0, count).Select(i => $$"""{"messageId":"{{i}}","eventSource":"aws:sqs","body":"{}"}""");
            var batch = $$"""{"Records":[{{string.Join(',', records)}}]}""";
            for (var i = 0; i < 3; i++)
            {
                var errorTypes = ((await function.InvokeAsync(batch)).ErrorType, (await function.InvokeAsync(request)).ErrorType);
                Assert.True(errorTypes == (null, null), $"{count}, {i}: {errorTypes}");
            }
        }
    }

    /// <summary>
    /// Each fills the heap in another way, the last ones by small objects to the last byte: then there is no room for the exception that
    /// says so. Of what does not fit nothing stays, in the array pool or in regions of the heap.
    /// </summary>
    [Fact]
    public async Task What_does_not_fit_is_refused_and_takes_no_memory_from_the_next()
    {
        await using var function = await NativeFunction.StartAsync(
            """
            {"routes":[
            {"name":"one","when":{"source":["x"],"a":{"b":{"c":[{"exists":false}]}}},"dryRun":true,
            "do":[{"run-command":{"targets":{"tag:R":["p"]},"commands":["echo"],"once":false,"confirm":false}}]},
            {"name":"two","when":{"source":[{"equals-ignore-case":"XX"},{"wildcard":"*a*b*c"}],"l":[{"numeric":[">",3]}]},"dryRun":true,
            "do":[{"run-command":{"targets":{"tag:R":["p"]},"commands":["echo"],"once":false,"confirm":false}}]}]}
            """,
            variables: ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128"));
        var brackets = Event("a", "[]", 2_097_149);
        var names = $$"""{"source":"x",{{string.Join(',', Enumerable.Range(0, 80_000).Select(i => $"\"a.{i}\":1"))}}}""";
        string[] events =
        [
            Event("x", $$"""{"{{new string('.', 250)}}":1}""", 24_480),
            """{"source":"x"}""",
            Event("Records", """{"eventSource":"aws:sqs","messageId":"1","body":"{}"}""", 104_857),
            $$"""{"source":"x",{{string.Join(',', Enumerable.Range(0, 449_390).Select(i => $"\"a.{i:x}\":1"))}}}""",
            brackets,
            Event("a", "{}", 1_468_002),
            Event("Records", """{"eventSource":"aws:sqs","messageId":"1","body":"{}"}""", 69_904),
        ];
        for (var i = 0; i < events.Length; i++)
        {
            var (document, errorType) = await function.InvokeAsync(events[i]);
            Assert.True(errorType is null or "Function.OutOfMemory", $"{i}: {errorType} {document?.ToJsonString()}");
        }

        Assert.Equal("Function.OutOfMemory", (await function.InvokeAsync(brackets)).ErrorType);
        Assert.Null((await function.InvokeAsync(names)).ErrorType);

        static string Event(string name, string item, int count) =>
            $$"""{"source":"x","{{name}}":[{{string.Join(',', Enumerable.Repeat(item, count))}}]}""";
    }

    /// <summary>Where nothing is free, nothing may wait for the collector, which is never done then.</summary>
    [Fact]
    public async Task A_handler_that_keeps_all_memory_ends_its_environment_and_no_more()
    {
        await using var function = await NativeFunction.StartAsync(
            """{"routes":[{"name":"r","when":{"hoard":[true]},"do":[{"handler":{"name":"hoards"}}]}]}""",
            bootstrap: Artifacts.Handlers,
            variables: ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128"));
        // From the second event on, the array pool has a finalizer that runs after each collection.
        for (var i = 0; i < 3; i++)
        {
            Assert.Null((await function.InvokeAsync("{}")).ErrorType);
        }

        var (document, errorType) = await function.InvokeAsync("""{"hoard":true}""");
        string?[] expected = ["Function.ActionFailed", "Function.OutOfMemory", "Runtime.ExitError"];
        Assert.True(expected.Contains(errorType), $"{errorType} {document?.ToJsonString()}");
        Assert.Equal("Runtime.ExitError", (await function.InvokeAsync("{}")).ErrorType);
    }

    [Fact]
    public async Task A_function_without_a_limit_of_its_heap_fails()
    {
        // The function believes that it has more memory than the kernel, or the comparison, leaves it.
        var program = Path.Combine(Directory.CreateTempSubdirectory("fasttrigger-greedy-").FullName, "bootstrap");
        await File.WriteAllTextAsync(program, $"""
            #!/bin/sh
            export AWS_LAMBDA_FUNCTION_MEMORY_SIZE=1024
            exec '{Artifacts.Bootstrap}'

            """, Artifacts.Token);
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var result = await Artifacts.RunToolAsync(["starve", "--quick", "--whole-processor", "--bootstrap", program, "eventbridge"]);
        Assert.Equal(1, result.ExitCode);
        Assert.Matches("eventbridge, [a-z ]+, 6[0-9]+ bytes: (the function ended|it took [0-9]+ MiB)", result.Output);
        Directory.Delete(Path.GetDirectoryName(program)!, recursive: true);
    }
}
