#!/usr/bin/env bash
# soak.sh [INVOCATIONS] [STARTS]: one environment that serves a great many events of every kind, then a great many environments. The report
# is soak.md in the results of this kind of processor. The exit code is not 0 when anything grows, or a start fails.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/environment.sh"
[ -x artifacts/bootstrap ] && [ -x artifacts/fasttrigger ] || build/build.sh >&2
code=0
soak() {
  artifacts/fasttrigger soak build/demo/launch.json --routes build/coldstart/tag-routes.json \
    --invocations "${1:-1000000}" --starts "${2:-20000}" 2>"$artifacts/soak.log"
}
table=$(soak "$@") || code=$?
mkdir -p "$(results_folder)"
{
  echo "# Soak"
  echo
  echo "\`build/soak.sh ${*:-}\` on $(date -u +%F), commit $(git rev-parse --short HEAD)."
  echo
  echo "$table"
} | sed 's/soak.sh `/soak.sh`/' | tee "$(results_folder)/soak.md"
exit "$code"
