#!/usr/bin/env bash
# build.sh [--arch arm64|x86_64]: publishes artifacts/bootstrap with its roots file, and artifacts/fasttrigger. For another architecture
# than this machine's it publishes only the function, into artifacts/ARCH.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/environment.sh"
. build/publish.sh
wanted=$architecture
case "${1:-}" in
  "") ;;
  --arch) wanted=${2:-} ;;
  --arch=*) wanted=${1#--arch=} ;;
  *) wanted= ;;
esac
case $wanted in
  "$architecture") ;;
  arm64 | x86_64)
    publish_for "$wanted"
    say "artifacts/$wanted/bootstrap: $(stat -c %s "artifacts/$wanted/bootstrap") bytes"
    exit
    ;;
  *)
    say "usage: build.sh [--arch arm64|x86_64]"
    exit 2
    ;;
esac
say "building artifacts/bootstrap and artifacts/fasttrigger"
pick_framework
publish_function "$artifacts" "$architecture"
publish_tool
publish_floor
say "artifacts/bootstrap: $(stat -c %s artifacts/bootstrap) bytes; artifacts/fasttrigger: try artifacts/fasttrigger --help"
