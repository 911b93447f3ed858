#!/usr/bin/env bash
# image.sh [EVENT]: builds the container image of Dockerfile on this machine and delivers an event to it. It needs no container engine and
# no registry of AWS: buildah builds in chroot isolation, with two substitutes for the base images. The one for AWS's base contains Debian
# packages. The one for Microsoft's contains a compiler and this machine's SDK. This tests the Dockerfile, the files in the image and the
# image's entry point.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/environment.sh"
event=${1:-build/demo/launch.json}
[ "$(id -u)" = 0 ] || {
  say "image.sh makes roots and mounts: run it as root"
  exit 1
}
need buildah buildah
need debootstrap debootstrap
[ -x artifacts/fasttrigger ] || build/build.sh
export BUILDAH_ISOLATION=chroot
work=$artifacts/image
suite=$(. /etc/os-release && echo "${VERSION_CODENAME:-bookworm}")
[ -e "/usr/share/debootstrap/scripts/$suite" ] || suite=bookworm
log=$work/build.log
mkdir -p "$work"
: >"$log"
quietly() { "$@" >>"$log" 2>&1 || {
  tail -n 40 "$log" >&2
  exit 1
}; }

# substitute NAME PACKAGES FINISH: creates an image with a root of Debian packages. The function FINISH configures it.
substitute() {
  ! buildah inspect --type image "localhost/$1" >/dev/null 2>&1 || return 0
  say "creating the substitute image $1"
  rm -rf "$work/root"
  quietly debootstrap --variant=minbase --include="$2" "$suite" "$work/root"
  local container
  container=$(buildah from scratch)
  quietly buildah copy "$container" "$work/root" /
  "$3" "$container"
  quietly buildah commit --rm "$container" "localhost/$1"
  rm -rf "$work/root"
}

lambda_base() {
  quietly buildah copy "$1" build/image/entrypoint.sh /lambda-entrypoint.sh
  quietly buildah config --workingdir /var/task --env LAMBDA_TASK_ROOT=/var/task --env LAMBDA_RUNTIME_DIR=/var/runtime \
    --entrypoint '["/lambda-entrypoint.sh"]' "$1"
}

sdk() {
  quietly buildah copy "$1" "$(dirname "$(readlink -f "$(command -v dotnet)")")" /usr/share/dotnet
  quietly buildah run "$1" -- ln -s /usr/share/dotnet/dotnet /usr/bin/dotnet
  quietly buildah config --env DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 --env DOTNET_CLI_TELEMETRY_OPTOUT=1 "$1"
}

substitute fasttrigger-substitute-base libssl3,ca-certificates lambda_base
substitute fasttrigger-substitute-sdk gcc,libc6-dev,libssl3,ca-certificates,libstdc++6,zlib1g sdk

# The build uses the packages, the compiled OpenSSL and the trusted certificates of this machine.
openssl=${XDG_CACHE_HOME:-$HOME/.cache}/fasttrigger
mkdir -p "$openssl"
mounts=(
  --volume "$openssl:/root/.cache/fasttrigger"
  --volume "${NUGET_PACKAGES:-$HOME/.nuget/packages}:/root/.nuget/packages"
  --volume /etc/ssl/certs:/etc/ssl/certs:ro
  --volume /usr/local/share/ca-certificates:/usr/local/share/ca-certificates:ro
)
[ ! -e "$HOME/.nuget/NuGet/NuGet.Config" ] || mounts+=(--volume "$HOME/.nuget/NuGet:/root/.nuget/NuGet:ro")
say "building the image"
bases=(--build-arg SDK_IMAGE=localhost/fasttrigger-substitute-sdk --build-arg BASE_IMAGE=localhost/fasttrigger-substitute-base)
# build_and_run TAG ENTRYPOINT OPTION...
build_and_run() {
  local old
  quietly buildah build --layers "${mounts[@]}" "${bases[@]}" -t "localhost/$1" "${@:3}" .
  old=$(cut -d ' ' -f 1 "$work/container" 2>/dev/null || true)
  [ -z "$old" ] || buildah rm "$old" >/dev/null 2>&1 || true
  echo "$(buildah from "localhost/$1") $2" >"$work/container"
  say "running the entry point of $1"
  artifacts/fasttrigger run "$event" --routes build/demo/routes.json --bootstrap build/image/function.sh --timeout 60
}
build_and_run fasttrigger "/lambda-entrypoint.sh bootstrap"
build_and_run fasttrigger-bare /var/runtime/bootstrap --target bare
