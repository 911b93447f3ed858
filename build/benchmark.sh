#!/usr/bin/env bash
# benchmark.sh [--filter GLOB]: measures parts of the library, compiled to native code as the function is: how long it takes to recognise an
# event, to find the routes that take it, and to read a routes file. All of it takes some ten minutes. The reports are in
# artifacts/benchmarks; that of matching is match.md in the results of this kind of processor.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/environment.sh"
reports=$artifacts/benchmarks/results
rm -rf "$reports"
[ $# -gt 0 ] || set -- --filter '*'
dotnet run --project tests/FastTrigger.Benchmarks -c Release -v quiet -- "$@"

# report NAME TITLE: the table of one class; nothing when it was not measured.
report() {
  local file=$reports/FastTrigger.Benchmarks.$1-report-github.md
  [ -s "$file" ] || return 0
  echo
  echo "## $2"
  echo
  grep '^|' "$file"
}

[ -s "$reports/FastTrigger.Benchmarks.MatchBenchmark-report-github.md" ] || exit 0
mkdir -p "$(results_folder)"
{
  echo "# Matching"
  echo
  processor=$(sed -n "s/^model name.*: //p" /proc/cpuinfo | head -1)
  echo "\`build/benchmark.sh $*\` on $(date -u +%F), commit $(git rev-parse --short HEAD), $processor."
  report MatchBenchmark "From an event's bytes to the routes that take it"
  report ReadRoutesBenchmark "Reading routes.json"
  report HostileTextBenchmark "Patterns that are made to take long"
} >"$(results_folder)/match.md"
