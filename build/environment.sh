# Sourced by the other scripts: folders, and the programs that the build needs.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
configuration=Release
artifacts=$root/artifacts
# The architecture, with Lambda's name.
case "$(uname -m)" in
  aarch64 | arm64) architecture=arm64 ;;
  *) architecture=x86_64 ;;
esac

# rid_of ARCHITECTURE: the runtime identifier of .NET.
rid_of() { case $1 in arm64) echo linux-arm64 ;; *) echo linux-x64 ;; esac }
rid=$(rid_of "$architecture")

say() { printf '%s\n' "$*" >&2; }

# install PACKAGE: installs a Debian package without output.
install() {
  local apt=apt-get
  [ "$(id -u)" = 0 ] || apt="sudo apt-get"
  if ! command -v apt-get >/dev/null; then
    say "$1 is missing; please install it"
    exit 1
  fi
  say "installing $1"
  if [ -z "${apt_updated:-}" ]; then
    $apt update -qq >/dev/null 2>&1 || true
    apt_updated=1
  fi
  DEBIAN_FRONTEND=noninteractive $apt install -y -qq "$1" >/dev/null 2>&1 || {
    say "$1 could not be installed"
    exit 1
  }
}

# results_folder: the folder for the results of this kind of processor.
results_folder() {
  local model processor
  model=$(grep -m1 'model name' /proc/cpuinfo | sed 's/.*: //')
  processor=$(tr '[:upper:]' '[:lower:]' <<<"$model" | tr -cs 'a-z0-9' '-' | sed 's/^-//; s/-$//')
  echo "build/results/${processor:-$(uname -m)}"
}

# need PROGRAM PACKAGE: installs a package when its program is missing.
need() { [ -x "$(command -v "$1" || true)" ] || install "$2"; }

command -v dotnet >/dev/null || {
  say "the .NET SDK 10 is missing: see https://dotnet.microsoft.com/download"
  exit 1
}
if command -v gcc >/dev/null; then linker=gcc; elif command -v clang >/dev/null; then linker=clang; else need gcc gcc; linker=gcc; fi
objcopy=objcopy
# OpenSSL, which the function loads at run time.
ldconfig -p 2>/dev/null | grep -q libssl.so.3 || [ -e /usr/lib64/libssl.so.3 ] || install libssl3
