namespace FastTrigger.NativeTests;

/// <summary>The scripts of `fasttrigger completion`, in the shells that they are for.</summary>
public sealed class CompletionTests
{
    private const string Files = "FILES";

    /// <summary>Runs the function of the script as bash does, for the line $1 with the cursor at its end.</summary>
    private const string Bash = """
        source <("$0" completion bash)
        COMP_LINE="fasttrigger $1"
        read -ra COMP_WORDS <<<"$COMP_LINE"
        case $1 in "" | *" ") COMP_WORDS+=("") ;; esac
        COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) COMP_WORDS[0]=$0 COMP_LINE="$0 $1" COMP_POINT=$((${#0} + 1 + ${#1}))
        _fasttrigger
        [ ${#COMPREPLY[@]} -gt 0 ] && printf '%s\n' "${COMPREPLY[@]}" || echo FILES
        """;

    /// <summary>The completion functions of zsh exist only while it completes, so their effects are printed here.</summary>
    private const string Zsh = """
        compdef() { }
        compadd() { print -rl -- ${(P)@[-1]} }
        _files() { print FILES }
        source <("$0" completion zsh)
        words=("$0" ${(s: :)1})
        [[ $1 == (|*\ ) ]] && words+=("")
        CURRENT=${#words} PREFIX=${words[-1]}
        _fasttrigger
        """;

    private const string Fish = """
        $argv[1] completion fish | source
        complete -C "$argv[1] $argv[2]"
        """;

    public static TheoryData<string, string, string[]> Lines
    {
        get
        {
            (string Line, string[] Expected)[] lines =
            [
                ("ru", ["run"]),
                ("run --e", ["--env", "--expect"]),
                ("run --expect ", ["done", "failed", "refused", "retry", "unmatched"]),
                ("completion ", ["bash", "fish", "zsh"]),
                ("events eventbridge-ec2-state --variant st", ["stopped", "stopping"]),
                ("events mq", ["mq", "mq-rabbitmq"]),
                ("match --r", ["--route", "--routes", "--rules"]),
                ("match --routes build/demo/routes.json --route site", ["site-hourly", "site-up"]),
                ("match ", [Files]),
                ("run ", [Files]),
                ("run --routes ", [Files]),
                ("check build/dem", [Files]),
            ];
            return [.. lines.SelectMany(line => ((string[])["bash", "zsh", "fish"]).Select(shell => (shell, line.Line, line.Expected)))];
        }
    }

    [Theory]
    [MemberData(nameof(Lines))]
    public async Task The_tab_key_completes_what_the_tool_knows_and_files_elsewhere(string shell, string line, string[] expected)
    {
        string[] arguments = shell switch
        {
            "bash" => ["--norc", "-c", Bash, Artifacts.Tool, line],
            "zsh" => ["-f", "-c", Zsh, Artifacts.Tool, line],
            _ => ["-N", "-c", Fish, Artifacts.Tool, line],
        };
        var (exitCode, output, error) = await Artifacts.RunAsync(shell, arguments);
        Assert.Equal((0, ""), (exitCode, error));
        var found = output.TrimEnd('\n').Split('\n').Order(StringComparer.Ordinal);
        if (shell == "fish" && expected is [Files])
        {
            expected = line.EndsWith(' ') ? [.. found.Where(name => Path.Exists(Path.Combine(Artifacts.Root, name)))] : ["build/demo/"];
            Assert.NotEmpty(expected);
        }

        Assert.Equal(expected, found);
    }

    [Fact]
    public async Task Bash_is_told_to_complete_files_where_the_tool_knows_nothing()
    {
        var (_, output, error) = await Artifacts.RunAsync(
            "bash", ["--norc", "-c", "source <(\"$0\" completion bash); complete -p fasttrigger", Artifacts.Tool]);
        Assert.Equal(("complete -o bashdefault -o default -F _fasttrigger fasttrigger\n", ""), (output, error));
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    public async Task A_script_has_no_error_of_syntax(string shell)
    {
        var script = Path.GetTempFileName();
        await File.WriteAllTextAsync(script, (await Artifacts.RunToolAsync(["completion", shell])).Output, Artifacts.Token);
        Assert.Equal((0, "", ""), await Artifacts.RunAsync(shell, ["-n", script]));
        File.Delete(script);
    }
}
