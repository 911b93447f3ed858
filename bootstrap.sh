#!/usr/bin/env bash
# The three commands of this repository. Each sets up what is missing.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

case "${1:-}" in
  build | run | test) exec "build/$1.sh" "${@:2}" ;;
  *)
    cat >&2 <<'USAGE'
usage: ./bootstrap.sh build [--arch arm64|x86_64] | run | test
  build  publish the native function and the developer's tool into artifacts/; with another machine's architecture the
         function for it, into artifacts/ARCH/
  run    build, then act out the plant's story on local servers
  test   build, then run every test; the last line is "N passed, N failed"
USAGE
    exit 2
    ;;
esac
