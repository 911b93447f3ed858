namespace FastTrigger.NativeTests;

/// <summary>The static function needs nothing of its system, and says what it cannot do without.</summary>
public sealed class StaticLinkTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fasttrigger-static-").FullName;

    private string Trace => Path.Combine(_folder, "trace");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("OPENSSL_CONF", "/etc/ssl/openssl.cnf")]
    [InlineData("AWS_USE_FIPS_ENDPOINT", "true")]
    public async Task It_refuses_to_start_with_what_only_the_systems_OpenSSL_can_do(string name, string value)
    {
        await using var function = await NativeFunction.StartAsync(variables: (name, value));
        var (document, errorType) = await function.InvokeAsync("{}");
        Assert.Equal("Function.InvalidConfiguration", errorType);
        var message = document!["errorMessage"]!.GetValue<string>();
        Assert.StartsWith($"{name} is set, but the OpenSSL in this bootstrap has no FIPS module", message, StringComparison.Ordinal);
        Assert.Contains("fasttrigger pack --link dynamic", message, StringComparison.Ordinal);

        await using var other = await NativeFunction.StartAsync(bootstrap: Artifacts.Dynamic, variables: (name, value));
        Assert.Null((await other.InvokeAsync("{}")).ErrorType);
    }

    [Fact]
    public async Task A_FIPS_switch_that_is_off_is_no_wish_for_FIPS()
    {
        await using var function = await NativeFunction.StartAsync(variables: ("AWS_USE_FIPS_ENDPOINT", "false"));
        Assert.Null((await function.InvokeAsync("{}")).ErrorType);
    }

    [Fact]
    public async Task It_acts_in_an_empty_root()
    {
        await using var function = await StartInRootAsync(null);
        var (document, errorType) = await function.InvokeAsync(Artifacts.Read("launch.json"));
        Assert.True(errorType is null, document?.ToJsonString());
        Assert.Contains("9 resources tagged", document!.ToJsonString(), StringComparison.Ordinal);
    }

    /// <summary>
    /// A static C library would load the sources of names that nsswitch.conf lists from the system, of another version (build/static.c).
    /// </summary>
    [Fact]
    public async Task Names_are_found_in_the_hosts_file_and_by_DNS_whatever_nsswitch_conf_says()
    {
        await File.WriteAllTextAsync(Etc("nsswitch.conf"), "hosts: files myhostname resolve [!UNAVAIL=return] dns\n", Artifacts.Token);
        await using var function = await StartInRootAsync("""
            {"routes": [
              {"name": "file", "when": {"source": ["file"]}, "do": [{"check-website": {"url": "https://pump.example:1/"}}]},
              {"name": "dns", "when": {"source": ["dns"]}, "do": [{"check-website": {"url": "https://nowhere.example:1/"}}]}
            ]}
            """);
        var inFile = (await function.InvokeAsync("""{"source":"file"}""")).Document!.ToJsonString();
        Assert.Contains("Connection refused", inFile, StringComparison.Ordinal);
        var byDns = (await function.InvokeAsync("""{"source":"dns"}""")).Document!.ToJsonString();
        Assert.Contains("cannot resolve nowhere.example", byDns, StringComparison.Ordinal);
        var trace = await File.ReadAllTextAsync(Trace, Artifacts.Token);
        Assert.Contains("/etc/hosts", trace, StringComparison.Ordinal);
        Assert.Contains("htons(53)", trace, StringComparison.Ordinal);
        Assert.DoesNotContain("libnss", trace, StringComparison.Ordinal);
    }

    /// <summary>
    /// Starts the function where there are only itself, its roots and routes, and the files that name servers. Lambda brings those.
    /// </summary>
    private async Task<NativeFunction> StartInRootAsync(string? routes)
    {
        var root = Path.GetDirectoryName(Path.GetDirectoryName(Etc("hosts")))!;
        await File.WriteAllTextAsync(Etc("hosts"), "127.0.0.1 localhost pump.example\n", Artifacts.Token);
        await File.WriteAllTextAsync(Etc("resolv.conf"), "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n", Artifacts.Token);
        File.Copy(Artifacts.Bootstrap, Path.Combine(root, "bootstrap"));
        var program = Path.Combine(_folder, "start");
        await File.WriteAllTextAsync(program, $"""
            #!/bin/sh
            cp "$AWS_CA_BUNDLE" '{root}/roots.pem'
            cp "$FASTTRIGGER_ROUTES" '{root}/routes.json'
            export AWS_CA_BUNDLE=/roots.pem SSL_CERT_FILE=/roots.pem FASTTRIGGER_ROUTES=/routes.json LAMBDA_TASK_ROOT=/
            exec strace -f -qq -e trace=openat,connect -o '{Trace}' bwrap --ro-bind '{root}' / /bootstrap

            """, Artifacts.Token);
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return await NativeFunction.StartAsync(routes, bootstrap: program);
    }

    private string Etc(string file) => Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, "root", "etc")).FullName, file);
}
