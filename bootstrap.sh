#!/usr/bin/env bash
# The three commands of this repository. Each sets up what is missing.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

case "${1:-}" in
  build | run | test) exec "build/$1.sh" ;;
  *)
    cat >&2 <<'USAGE'
usage: ./bootstrap.sh build | run | test
  build  publish the native function and the developer's tool into artifacts/
  run    build, then act out the plant's story on local servers
  test   build, then run every test; the last line is "N passed, N failed"
USAGE
    exit 2
    ;;
esac
