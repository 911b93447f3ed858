#!/usr/bin/env bash
# patterns.sh [PAIRS] [SEED]: 1,000,000 pairs of an event pattern and an event, decided by the function's matching and by the reference that
# was written from AWS's documentation. The report is patterns.md in the results of this kind of processor. The exit code is not 0 when
# there is a difference: the smallest pair for which they differ is printed.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/environment.sh"
pairs=${1:-1000000}
seed=${2:-$(date +%s)}
commit=$(git rev-parse --short HEAD)
dotnet build tests/FastTrigger.Fuzzing -c "$configuration" -v quiet --nologo >"$artifacts/patterns-build.log" 2>&1 || {
  cat "$artifacts/patterns-build.log" >&2
  exit 1
}
table=$(dotnet "tests/FastTrigger.Fuzzing/bin/$configuration/net10.0/FastTrigger.Fuzzing.dll" --pairs "$pairs" "$seed")
mkdir -p "$(results_folder)"
{
  echo "# Event patterns"
  echo
  echo "\`build/patterns.sh $pairs $seed\` on $(date -u +%F), commit $commit."
  echo
  echo "$table"
} | tee "$(results_folder)/patterns.md"
