using System.Text.RegularExpressions;

namespace FastTrigger.NativeTests;

/// <summary>What the start of the published function asks the system for: src/FastTrigger.Bootstrap/start.c took effect.</summary>
public sealed class StartTests : IDisposable
{
    /// <summary>The C library reserves in this way, too, and not for writing.</summary>
    private const string WholeHeap = "PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS|MAP_NORESERVE";

    private readonly string _folder = Directory.CreateTempSubdirectory("fasttrigger-start-").FullName;

    private string Trace => Path.Combine(_folder, "trace");

    [Theory]
    [MemberData(nameof(Artifacts.Links), MemberType = typeof(Artifacts))]
    public async Task It_starts_on_one_thread_and_reads_nothing_that_Lambda_does_not_have(string link)
    {
        var program = await TracedAsync(link, "trace=openat,clone,clone3,mmap,mprotect,madvise");
        await using var function = await NativeFunction.StartAsync(bootstrap: program, variables: ("FASTTRIGGER_WARM", "off"));
        Assert.Null((await function.InvokeAsync("{}")).ErrorType);
        var start = await File.ReadAllTextAsync(Trace, Artifacts.Token);
        Assert.Contains("routes.json", start, StringComparison.Ordinal);
        Assert.All(
            (string[])["clone", "cgroup", "/proc/self/mountinfo", "/proc/self/maps", "/sys/", "DODUMP"],
            text => Assert.DoesNotContain(text, start, StringComparison.Ordinal));
        Assert.Contains(WholeHeap, start, StringComparison.Ordinal);
        Assert.InRange(Regex.Count(start, "PROT_READ\\|PROT_WRITE\\) += 0"), 0, 1);

        // The thread of the finalizers comes with the first collection.
        var text = $$"""{"text":"{{new string('a', 2_000_000)}}"}""";
        for (var i = 0; i < 8; i++)
        {
            var (document, errorType) = await function.InvokeAsync(text);
            Assert.True(errorType is null, $"event {i}: {document?.ToJsonString()}\n{string.Join('\n', function.Logs)}");
        }

        Assert.Contains("clone", await File.ReadAllTextAsync(Trace, Artifacts.Token), StringComparison.Ordinal);
    }

    /// <summary>The limit of a process's data counts what may be written, used or not. Then the heap is allowed piece by piece.</summary>
    [Theory]
    [MemberData(nameof(Artifacts.Links), MemberType = typeof(Artifacts))]
    public async Task It_starts_where_the_heap_may_not_be_writable_as_a_whole(string link)
    {
        var program = await TracedAsync(link, "trace=mmap,mprotect", "ulimit -d 200000");
        await using var function = await NativeFunction.StartAsync(bootstrap: program);
        for (var i = 0; i < 8; i++)
        {
            Assert.Null((await function.InvokeAsync($$"""{"text":"{{new string('a', 2_000_000)}}"}""")).ErrorType);
        }

        var calls = await File.ReadAllTextAsync(Trace, Artifacts.Token);
        Assert.DoesNotContain(WholeHeap, calls, StringComparison.Ordinal);
        Assert.InRange(Regex.Count(calls, "PROT_READ\\|PROT_WRITE\\) += 0"), 10, int.MaxValue);
    }

    [Theory]
    [MemberData(nameof(Artifacts.Links), MemberType = typeof(Artifacts))]
    public async Task It_goes_on_when_no_thread_for_finalizers_can_be_made(string link)
    {
        var program = await TracedAsync(link, "trace=clone,clone3 -e inject=clone,clone3:error=EAGAIN");
        await using var function = await NativeFunction.StartAsync(bootstrap: program, variables: ("FASTTRIGGER_WARM", "off"));
        for (var i = 0; i < 4; i++)
        {
            Assert.Null((await function.InvokeAsync($$"""{"text":"{{new string('a', 3_000_000)}}"}""")).ErrorType);
        }

        Assert.Contains("INJECTED", await File.ReadAllTextAsync(Trace, Artifacts.Token), StringComparison.Ordinal);
    }

    /// <summary>An exception in a heap that is full needs memory (build/heap.c); see StarvationTests, too.</summary>
    [Fact]
    public void Every_function_gives_the_exception_that_the_heap_is_full_some_memory_more() =>
        Assert.All([Artifacts.Bootstrap, Artifacts.Dynamic, Artifacts.Handlers], program =>
            Assert.Contains("no memory to report", Encoding.Latin1.GetString(File.ReadAllBytes(program)), StringComparison.Ordinal));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>A program that runs the function under strace, which writes <see cref="Trace"/>.</summary>
    private async Task<string> TracedAsync(string link, string expression, string before = "")
    {
        var program = Path.Combine(_folder, "bootstrap");
        await File.WriteAllTextAsync(program, $"""
            #!/bin/sh
            {before}
            exec strace -f -e {expression} -o '{Trace}' '{Artifacts.Linked(link)}'

            """, Artifacts.Token);
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return program;
    }
}
