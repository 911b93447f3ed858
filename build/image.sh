#!/usr/bin/env bash
# image.sh [EVENT]: builds the container image of Dockerfile on this machine and lets it act on an event. Neither a container engine nor AWS's registry is
# needed: buildah builds in chroot isolation, over two stand-ins - a root of Debian's packages for AWS's base, and one with a compiler and this
# machine's own SDK for Microsoft's. What is tried is the Dockerfile, what it leaves in the image, and the image's entry point.
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

# stand_in NAME PACKAGES FINISH: a root of Debian's packages, and what FINISH adds to it, as an image.
stand_in() {
  ! buildah inspect --type image "localhost/$1" >/dev/null 2>&1 || return 0
  say "making the stand-in $1"
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
  quietly buildah config --workingdir /var/task --env LAMBDA_TASK_ROOT=/var/task --env LAMBDA_RUNTIME_DIR=/var/runtime --entrypoint '["/lambda-entrypoint.sh"]' "$1"
}

sdk() {
  quietly buildah copy "$1" "$(dirname "$(readlink -f "$(command -v dotnet)")")" /usr/share/dotnet
  quietly buildah run "$1" -- ln -s /usr/share/dotnet/dotnet /usr/bin/dotnet
  quietly buildah config --env DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 --env DOTNET_CLI_TELEMETRY_OPTOUT=1 "$1"
}

stand_in fasttrigger-stand-in-base libssl3,ca-certificates lambda_base
stand_in fasttrigger-stand-in-sdk gcc,libc6-dev,libssl3,ca-certificates,libstdc++6,zlib1g sdk

# Packages and the trust in where they come from are this machine's.
mounts=(--volume "${NUGET_PACKAGES:-$HOME/.nuget/packages}:/root/.nuget/packages" --volume /etc/ssl/certs:/etc/ssl/certs:ro --volume /usr/local/share/ca-certificates:/usr/local/share/ca-certificates:ro)
[ ! -e "$HOME/.nuget/NuGet/NuGet.Config" ] || mounts+=(--volume "$HOME/.nuget/NuGet:/root/.nuget/NuGet:ro")
say "building the image"
quietly buildah build --layers "${mounts[@]}" --build-arg SDK_IMAGE=localhost/fasttrigger-stand-in-sdk --build-arg BASE_IMAGE=localhost/fasttrigger-stand-in-base -t localhost/fasttrigger .

old=$(cat "$work/container" 2>/dev/null || true)
[ -z "$old" ] || buildah rm "$old" >/dev/null 2>&1 || true
buildah from localhost/fasttrigger >"$work/container"
say "running its entry point"
artifacts/fasttrigger run "$event" --bootstrap build/image/function.sh --timeout 60
