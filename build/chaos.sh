#!/usr/bin/env bash
# chaos.sh [EVENTS] [DELIVERIES]: the long form of both kinds of chaos. Functions are killed and servers fail; then the wires to both local
# servers fail, for events of all actions. The report is chaos.md in the results of this kind of processor. The exit code is not 0 when
# anything was done twice, was lost, failed without faults, was reported as done and was not, or was late, or too much is unknown.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/environment.sh"
[ -x artifacts/bootstrap ] && [ -x artifacts/fasttrigger ] || build/build.sh >&2
handlers=$artifacts/test-functions/handlers/FastTrigger.HandlerFunction
if [ ! -x "$handlers" ]; then
  . build/publish.sh
  framework=$(cat artifacts/native-framework)
  publish_native tests/FastTrigger.HandlerFunction "$(dirname "$handlers")"
fi
code=0
inside=$(artifacts/fasttrigger chaos --events 100 --deliveries 2000) || code=$?
wire=$(artifacts/fasttrigger chaos --wire --events "${1:-900}" --deliveries "${2:-2700}" --bootstrap "$handlers" --handler raw) || code=$?
mkdir -p "$(results_folder)"
{
  echo "# Chaos"
  echo
  echo "\`build/chaos.sh\` on $(date -u +%F), commit $(git rev-parse --short HEAD)."
  echo
  echo "## Functions are killed, and servers fail"
  echo
  sed 's/^/    /' <<<"$inside"
  echo
  echo "## The wires fail"
  echo
  # What was not done exactly once comes first, one line for each, and then the tables.
  sed -E '/^(\||$)/!s/^/    /' <<<"$wire"
} | tee "$(results_folder)/chaos.md"
exit "$code"
