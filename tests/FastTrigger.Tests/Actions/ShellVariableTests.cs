using System.Diagnostics;
using FastTrigger.Actions.RunCommand;

namespace FastTrigger.Tests.Actions;

/// <summary>
/// Which variables a shell keeps for itself, asked of the shells themselves: a name of their own lists either reaches the command exact to
/// the byte, or is refused (C7.1).
/// </summary>
public sealed class ShellVariableTests : IDisposable
{
    // Names that a shell does not list before they are used: from the manuals of bash 5.2 ("Shell Variables"), zsh 5.9 (zshparam),
    // ksh93 and mksh ("Parameters").
    private const string OfManuals = """
        _ UID EUID PPID GID EGID BASH BASHOPTS BASHPID BASH_ALIASES BASH_ARGC BASH_ARGV BASH_ARGV0 BASH_CMDS BASH_COMMAND BASH_COMPAT
        BASH_ENV BASH_EXECUTION_STRING BASH_LINENO BASH_LOADABLES_PATH BASH_REMATCH BASH_SOURCE BASH_SUBSHELL BASH_VERSINFO BASH_VERSION
        BASH_XTRACEFD CHILD_MAX COLUMNS COMP_CWORD COMP_KEY COMP_LINE COMP_POINT COMP_TYPE COMP_WORDBREAKS COMP_WORDS COMPREPLY COPROC
        DIRSTACK EMACS ENV EPOCHREALTIME EPOCHSECONDS EXECIGNORE FCEDIT FIGNORE FUNCNAME FUNCNEST GLOBIGNORE GROUPS HISTCMD HISTCONTROL
        HISTFILE HISTFILESIZE HISTIGNORE HISTSIZE HISTTIMEFORMAT HOME HOSTFILE HOSTNAME HOSTTYPE IFS IGNOREEOF INPUTRC INSIDE_EMACS LINENO
        LINES MACHTYPE MAIL MAILCHECK MAILPATH MAPFILE OLDPWD OPTARG OPTERR OPTIND OSTYPE PATH PIPESTATUS POSIXLY_CORRECT PROMPT_COMMAND
        PROMPT_DIRTRIM PS0 PS1 PS2 PS3 PS4 PWD RANDOM READLINE_ARGUMENT READLINE_LINE READLINE_MARK READLINE_POINT REPLY SECONDS SHELL
        SHELLOPTS SHLVL SRANDOM TIMEFORMAT TMOUT TMPDIR CDPATH auto_resume histchars ARGC ARGV0 BAUD CPUTYPE DIRSTACKSIZE ERRNO HISTCHARS
        HOST KEYBOARD_HACK KEYTIMEOUT LISTMAX LOGCHECK LOGNAME MATCH MBEGIN MEND MODULE_PATH NULLCMD POSTEDIT PROMPT PSVAR READNULLCMD
        RPROMPT RPS1 SAVEHIST SPROMPT STTY TERM TERMINFO TIMEFMT TMPPREFIX TMPSUFFIX TRY_BLOCK_ERROR TRY_BLOCK_INTERRUPT TTY TTYIDLE
        USERNAME VENDOR WATCH WATCHFMT WORDCHARS ZBEEP ZDOTDIR argv status signals pipestatus path fpath cdpath mailpath module_path psvar
        watch fignore prompt EXECSHELL FPATH HISTEDIT JOBMAX KSHEGID KSHGID KSHUID KSH_VERSION PATHSEP PGRP USER_ID
        """;

    // Nothing but itself; a number in octal, which is none; and a number whose computing runs a command.
    private static readonly string[] s_values = ["a'b \"1\" $(id)\n%s ", "08", "x[$(>counted)]"];

    private readonly string _folder = Directory.CreateTempSubdirectory("fasttrigger-shells-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("dash")]
    [InlineData("bash")]
    [InlineData("bash", "bash", "bash")]
    [InlineData("bash --posix", "bash", "bash")]
    [InlineData("busybox")]
    [InlineData("zsh")]
    [InlineData("ksh93")]
    [InlineData("mksh")]
    public void A_variable_of_a_shell_is_passed_on_exactly_or_refused_C7_1(string shell, string name = "sh", string kind = "sh")
    {
        var words = shell.Split(' ');
        Assert.True(TryFind(words[0], out var program), $"{words[0]} is not installed");
        if (words.Length > 1)
        {
            var wrapper = Path.Combine(_folder, "wrapper");
            File.WriteAllText(wrapper, $"#!/bin/dash\nexec {program} {words[1]} \"$@\"\n");
            File.SetUnixFileMode(wrapper, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            program = wrapper;
        }

        // A shell that is called `sh` behaves as sh.
        var path = Path.Combine(_folder, name);
        File.CreateSymbolicLink(path, program);
        File.CreateSymbolicLink(Path.Combine(_folder, "printenv"), "/usr/bin/printenv");
        File.CreateSymbolicLink(Path.Combine(_folder, "printf"), "/usr/bin/printf");
        var names = Own(path).Union(OfManuals.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).Order().ToList();
        Assert.Contains("PPID", names);
        // The locale of ksh93 must exist.
        var passed = names.Where(one => ShellText.RefuseName(one) is null && !(shell == "ksh93" && (one == "LANG" || one[..2] == "LC")));
        List<string> failed = [];
        foreach (var one in passed)
        {
            foreach (var value in s_values)
            {
                var script = new CommandScript(
                    kind == "sh" ? CommandShell.Sh : CommandShell.Bash,
                    $"printf '%s|' \"${one}\"; printenv {one}",
                    null,
                    false).Write([(one, value)]);
                if (Run(path, script) != $"{value}|{value}\n")
                {
                    failed.Add(one);
                }
            }
        }

        Assert.Empty(failed.Distinct());
        Assert.False(File.Exists(Path.Combine(_folder, "counted")));
    }

    [Theory]
    [InlineData("UID")]
    [InlineData("EUID")]
    [InlineData("PPID")]
    [InlineData("ppid")]
    [InlineData("SECONDS")]
    [InlineData("OPTIND")]
    [InlineData("_")]
    public void The_refusal_of_a_name_says_what_to_do_C7_1(string name) =>
        Assert.Equal(
            $"{name} is a variable of shells or programs themselves, so it is not set from here; choose another name",
            ShellText.RefuseName(name));

    private static bool TryFind(string program, out string path)
    {
        path = new[] { "/bin/" + program, "/usr/bin/" + program }.FirstOrDefault(File.Exists) ?? "";
        return path.Length > 0;
    }

    /// <summary>The names that a shell lists as its own.</summary>
    private IEnumerable<string> Own(string path) =>
        from line in Run(path, "set; readonly -p; export -p; typeset -r; typeset +r; typeset; compgen -v; true").Split('\n')
        let words = line.Split('=')[0].Split(' ')
        where words.Length == 1 || words[0] is "export" or "readonly" or "declare" or "typeset"
        let last = words[^1]
        where last.Length > 0 && !char.IsAsciiDigit(last[0]) && last.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_')
        select last;

    private string Run(string path, string script)
    {
        var start = new ProcessStartInfo(path)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = new UTF8Encoding(false),
            WorkingDirectory = _folder,
        };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(script);
        start.Environment.Clear();
        start.Environment["PATH"] = _folder;
        using var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output;
    }
}
