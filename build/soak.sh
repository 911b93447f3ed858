#!/usr/bin/env bash
# soak.sh [INVOCATIONS] [STARTS]: one environment that serves a great many events of every kind, then a great many environments. The report
# is soak.md in the results of this kind of processor. The exit code is not 0 when anything grows, or a start fails. Both links are run.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/environment.sh"
[ -x artifacts/bootstrap ] && [ -x artifacts/fasttrigger ] || build/build.sh >&2
code=0
# soak BOOTSTRAP [INVOCATIONS] [STARTS]
soak() {
  artifacts/fasttrigger soak build/demo/launch.json --routes build/coldstart/tag-routes.json --bootstrap "$1" \
    --invocations "${2:-1000000}" --starts "${3:-20000}" 2>"$artifacts/soak.log"
}
static=$(soak artifacts/bootstrap "$@") || code=$?
dynamic=$([ ! -e artifacts/dynamic/bootstrap ] || soak artifacts/dynamic/bootstrap "$@") || code=$?
mkdir -p "$(results_folder)"
{
  echo "# Soak"
  echo
  echo "\`build/soak.sh ${*:-}\` on $(date -u +%F), commit $(git rev-parse --short HEAD)."
  echo
  echo "$static"
  [ -z "$dynamic" ] || printf '\n## The dynamic function\n\n%s\n' "$dynamic"
} | sed 's/soak.sh `/soak.sh`/' | tee "$(results_folder)/soak.md"
exit "$code"
