#!/usr/bin/env bash
# starve.sh [SAMPLE ...]: the largest events of all sources, or of these samples, with 128 MB of memory: all forms, and those that take the
# most with 0.07 of a processor. The report is starvation.md in the results of this kind of processor. The exit code is not 0 when one took
# more memory, or ended the function.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/environment.sh"
[ -x artifacts/bootstrap ] && [ -x artifacts/fasttrigger ] || build/build.sh >&2
code=0
table=$(artifacts/fasttrigger starve --whole-processor "$@" 2>"$artifacts/starve.log") || code=$?
costliest=$(artifacts/fasttrigger starve --quick "$@" 2>>"$artifacts/starve.log") || code=$?
mkdir -p "$(results_folder)"
{
  echo "# Starvation"
  echo
  echo "\`build/starve.sh${*:+ $*}\` on $(date -u +%F), commit $(git rev-parse --short HEAD)."
  echo
  echo "$table"
  echo
  echo "## The forms that take the most, with the processor share of 128 MB"
  echo
  echo "$costliest"
} | tee "$(results_folder)/starvation.md"
exit "$code"
