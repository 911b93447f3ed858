namespace FastTrigger.Actions.RunCommand;

/// <summary>
/// The script around a command, so that a server runs it at most once for a key (C4.2), however often it is delivered. It is POSIX sh,
/// which dash, bash and busybox read alike, or PowerShell. Exit codes: the command's own; 76 = an earlier run was interrupted, and its
/// progress is unknown; 77 = the state could not be kept, so nothing was run.
/// </summary>
internal static class OnceGuard
{
    public const int Interrupted = 76, NoState = 77, RebootLinux = 194, RebootWindows = 3010;

    /// <summary>The output of a server that ran the command for an earlier delivery.</summary>
    public const string AlreadyDone = "already done on this server";

    public static string Shell(string key, bool rerun, string command) =>
        GuardForShell.Replace("@KEY@", key, StringComparison.Ordinal)
            .Replace("@INTERRUPTED@", rerun ? "rerun" : "fail", StringComparison.Ordinal)
            .Replace("@COMMAND@", command, StringComparison.Ordinal);

    public static string PowerShell(string key, bool rerun, string script) =>
        GuardForPowerShell.Replace("@KEY@", key, StringComparison.Ordinal)
            .Replace("@INTERRUPTED@", rerun ? "rerun" : "fail", StringComparison.Ordinal)
            .Replace("@SCRIPT@", ShellText.PowerShell(script), StringComparison.Ordinal);

    // The entry of a key: KEY.lock (what is locked), KEY.started, KEY.done, KEY.rebooting. A state changes by one rename, which needs no
    // space on a full disk. `started` holds the boot it was written in, and so does the `rebooting` that it is renamed to: the re-run after
    // the reboot sees another boot, a duplicate before it sees the same. Where flock is missing, the lock is a symbolic link that names its
    // holder (made and named in one step, which mkdir and a pid file are not); a dead holder's successor makes the next link of the chain.
    private const string GuardForShell = """
        # FastTrigger: at most once on this server for this key.
        ft_dir=${FASTTRIGGER_ONCE_DIR:-/var/lib/fasttrigger/once}
        ft_dir=${ft_dir%/}
        ft_key=@KEY@
        ft_at=$ft_dir/$ft_key
        ft_say() { printf 'fasttrigger: %s\n' "$1" >&2; }
        ft_no() { ft_say "$1; nothing was run"; exit 77; }
        ft_sync() { sync "$@" 2>/dev/null || sync; }
        ft_ours() { [ -d "$1" ] && [ ! -L "$1" ] && [ -O "$1" ]; }
        # A process that may hold the lock: its number, its start and its boot, so that a number that is used again is another process. A
        # process that has ended and waits for its parent (Z) holds nothing.
        ft_id() {
          if [ -d /proc/self ]; then
            ft_stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
            set -- "$1" ${ft_stat##*\) }
            ft_start=${21}.$ft_boot
          else
            set -- "$1" $(LC_ALL=C TZ=UTC0 ps -o stat= -o lstart= -p "$1")
            ft_start=$(printf '%s' "${4}${5}${6}${7}" | tr -cd 0-9A-Za-z)
          fi
          case ${2:-Z} in [ZX]*) return 1 ;; esac
          printf '%s.%s' "$1" "$ft_start"
        }
        ft_boot=$(cat /proc/sys/kernel/random/boot_id 2>/dev/null) || ft_boot=
        ft_umask=$(umask)
        umask 077
        mkdir -p "$ft_dir" 2>/dev/null
        ft_ours "$ft_dir" || ft_no "$ft_dir is not a directory of ours"
        # Whoever owns the folder above, or may write to it, could put another directory in its place.
        ft_up=${ft_dir%/*}
        [ ! -L "$ft_up" ] && { [ -O "$ft_up" ] || [ -n "$(find "$ft_up" -prune -user 0 2>/dev/null)" ]; } ||
          ft_no "$ft_up is a link or belongs to someone else"
        ft_open=$(find "$ft_up" -prune \( -perm -020 -o -perm -002 \) ! -perm -1000 -print) || ft_open=$ft_up
        [ -z "$ft_open" ] || ft_no "others may write to $ft_open (chmod go-w ends that)"
        chmod 700 "$ft_dir" 2>/dev/null || ft_no "$ft_dir cannot be made private"
        if command -v flock >/dev/null 2>&1; then
          ( : >>"$ft_dir/.lock" && : >>"$ft_at.lock" ) 2>/dev/null || ft_no "$ft_dir cannot be written"
          exec 8>>"$ft_dir/.lock" 9>>"$ft_at.lock"
          if flock -n 8; then
            find "$ft_dir" ! -type d ! -name .lock ! -name "$ft_key.*" -mtime +15 -exec rm -f {} + 2>/dev/null
          fi
          flock -s 8 && flock 9 || ft_no "$ft_dir cannot be locked"
        else
          ft_me=$(ft_id $$)
          ft_lock=$ft_at.held
          until ln -s "$ft_me" "$ft_lock" 2>/dev/null; do
            ft_owner=$(readlink "$ft_lock") || ft_no "$ft_dir cannot be written"
            if [ "$(ft_id "${ft_owner%%.*}")" = "$ft_owner" ]; then sleep 1; else ft_lock=$ft_at.held.$ft_owner; fi
          done
        fi
        if [ -e "$ft_at.done" ]; then
          ft_say "already done on this server for $ft_key"
          exit 0
        fi
        if [ -e "$ft_at.started" ] && [ @INTERRUPTED@ != rerun ]; then
          ft_say "an earlier run for $ft_key was interrupted, and how far it came is not known; it is not run again"
          exit 76
        fi
        if [ ! -e "$ft_at.started" ] && [ -e "$ft_at.rebooting" ]; then
          ft_was=$(cat "$ft_at.rebooting")
          if [ -n "$ft_boot" ] && [ "$ft_was" = "$ft_boot" ]; then
            ft_say "waiting for the reboot that the command for $ft_key asked for; it goes on after that"
            exit 76
          fi
        fi
        if ! {
          printf '%s\n' "$ft_boot" >"$ft_at.new" && ft_sync "$ft_at.new" &&
            mv -f "$ft_at.new" "$ft_at.started" && ft_sync "$ft_dir"
        } 2>/dev/null; then
          rm -f "$ft_at.new"
          ft_no "$ft_dir cannot be written"
        fi
        rm -f "$ft_at.rebooting"
        umask "$ft_umask"
        @COMMAND@ 8>&- 9>&-
        ft_code=$?
        case $ft_code in
          0) mv -f "$ft_at.started" "$ft_at.done" || ft_say "$ft_dir could not be written after the command had succeeded" ;;
          194) mv -f "$ft_at.started" "$ft_at.rebooting" || ft_say "$ft_dir could not be written before the reboot" ;;
          *) rm -f "$ft_at.started" ;;
        esac
        ft_sync "$ft_dir"
        exit $ft_code

        """;

    private const string GuardForPowerShell = """
        # FastTrigger: at most once on this server for this key.
        $ErrorActionPreference = 'Stop'
        $ftDir = if ($env:FASTTRIGGER_ONCE_DIR) { $env:FASTTRIGGER_ONCE_DIR } else { Join-Path $env:ProgramData 'FastTrigger\once' }
        $ftAt = Join-Path $ftDir '@KEY@'
        function FtSay($text) { [Console]::Error.WriteLine("fasttrigger: $text") }
        $ftLock = $null
        try {
          if (-not (Test-Path -LiteralPath $ftDir)) {
            $null = New-Item -ItemType Directory -Force -Path $ftDir
            $ftAcl = New-Object Security.AccessControl.DirectorySecurity
            $ftAcl.SetSecurityDescriptorSddlForm('O:BAG:SYD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)')
            Set-Acl -LiteralPath $ftDir -AclObject $ftAcl
          }
          $ftItem = Get-Item -LiteralPath $ftDir -Force
          if ($ftItem.Attributes -band [IO.FileAttributes]::ReparsePoint) { throw "$ftDir is a link" }
          $ftOwner = (Get-Acl -LiteralPath $ftDir).GetOwner([Security.Principal.SecurityIdentifier]).Value
          if ($ftOwner -notin @('S-1-5-18', 'S-1-5-32-544', [Security.Principal.WindowsIdentity]::GetCurrent().User.Value)) {
            throw "$ftDir belongs to someone else"
          }
          Get-ChildItem -LiteralPath $ftDir -File |
            Where-Object { $_.LastWriteTimeUtc -lt [DateTime]::UtcNow.AddDays(-15) -and -not $_.Name.StartsWith('@KEY@') } |
            Remove-Item -Force -ErrorAction SilentlyContinue
          while (-not $ftLock) {
            try { $ftLock = [IO.File]::Open("$ftAt.lock", 'OpenOrCreate', 'ReadWrite', 'None') }
            catch [IO.IOException] {
              if ($_.Exception.HResult -ne 0x80070020 -and $_.Exception.InnerException.HResult -ne 0x80070020) { throw }
              Start-Sleep -Milliseconds 500
            }
          }
          $ftBoot = (Get-CimInstance Win32_OperatingSystem).LastBootUpTime.ToUniversalTime().ToString('o')
          if (Test-Path -LiteralPath "$ftAt.done") { FtSay 'already done on this server for @KEY@'; exit 0 }
          if ((Test-Path -LiteralPath "$ftAt.started") -and '@INTERRUPTED@' -ne 'rerun') {
            FtSay 'an earlier run for @KEY@ was interrupted, and how far it came is not known; it is not run again'
            exit 76
          }
          if (-not (Test-Path -LiteralPath "$ftAt.started") -and (Test-Path -LiteralPath "$ftAt.rebooting") -and
              [IO.File]::ReadAllText("$ftAt.rebooting") -eq $ftBoot) {
            FtSay 'waiting for the reboot that the command for @KEY@ asked for; it goes on after that'
            exit 76
          }
          [IO.File]::WriteAllText("$ftAt.ps1", @SCRIPT@, (New-Object Text.UTF8Encoding $true))
          $ftFile = [IO.File]::Open("$ftAt.started", 'Create', 'Write', 'None')
          $ftBytes = [Text.Encoding]::UTF8.GetBytes($ftBoot)
          $ftFile.Write($ftBytes, 0, $ftBytes.Length)
          $ftFile.Flush($true)
          $ftFile.Close()
          Remove-Item -LiteralPath "$ftAt.rebooting" -Force -ErrorAction SilentlyContinue
        } catch {
          FtSay "$($_.Exception.Message); nothing was run"
          exit 77
        }
        $ErrorActionPreference = 'Continue'
        & (Get-Process -Id $PID).Path -NoProfile -NonInteractive -ExecutionPolicy Bypass -File "$ftAt.ps1"
        $ftCode = $LASTEXITCODE
        Remove-Item -LiteralPath "$ftAt.ps1" -Force -ErrorAction SilentlyContinue
        switch ($ftCode) {
          0 { Move-Item -LiteralPath "$ftAt.started" -Destination "$ftAt.done" -Force }
          3010 { Move-Item -LiteralPath "$ftAt.started" -Destination "$ftAt.rebooting" -Force }
          default { Remove-Item -LiteralPath "$ftAt.started" -Force }
        }
        $ftLock.Close()
        exit $ftCode

        """;
}
