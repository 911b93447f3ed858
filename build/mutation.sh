#!/usr/bin/env bash
# mutation.sh [FILE ...]: changes the code in many small ways and reports each change that no test detects (stryker-mutator.io).
#   FILE is a path below src/FastTrigger, or a glob such as 'src/FastTrigger/Patterns/*.cs'. The default is in build/stryker.json.
# artifacts/mutation/report.txt lists what no test detects, and reports/ beside it has everything as JSON and HTML.
# The exit code is not 0 when the tests detect less than 80 % of the changes.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/environment.sh"
need jq jq
out=$artifacts/mutation
# The tests of what is mutated by default, and those of others that are the tests of its calls, its report and its documentation.
tests=(Events Routing Dispatch WarmUpTests
  Actions.CallPermissionTests Actions.DeclaredCallsTests Actions.CommandResultTests Actions.RunCommandActionTests Actions.DryRunTests
  Architecture.ActionsDocumentTests Architecture.CallsDocumentTests)
scope=()
for file in "$@"; do
  path=${file#src/FastTrigger/}
  scope+=(--mutate "$path")
  # The tests of src/FastTrigger/NAME are in the namespace FastTrigger.Tests.NAME.
  case $path in */*) tests+=("${path%%/*}") ;; esac
done
filter=$(printf '|FullyQualifiedName~FastTrigger.Tests.%s.' "${tests[@]}")

rm -rf "$out"
mkdir -p "$out"
dotnet tool restore >"$out/restore.log" 2>&1 || {
  cat "$out/restore.log" >&2
  exit 1
}
# In the folder of the solution Stryker mutates every project of it, so it runs in the folder of the tests.
cd tests/FastTrigger.Tests
code=0
dotnet stryker --config-file ../../build/stryker.json --output "$out" --skip-version-check \
  --test-case-filter "${filter#|}" ${scope[@]+"${scope[@]}"} >"$out/stryker.log" 2>&1 || code=$?
json=$out/reports/mutation-report.json
[ -e "$json" ] || {
  tail -n 40 "$out/stryker.log" >&2
  exit 1
}

# The score counts a timeout as detected. On a busy machine it may be nothing but slow tests, so the report lists it.
jq -r --arg root "$root/" '
  def of(status): map(select(.status == status));
  [.files | to_entries[] | .key as $path | .value.mutants[] | . + { path: ($path | ltrimstr($root)) }]
  | of("Killed") + of("Timeout") + of("Survived") + of("NoCoverage")
  | (group_by(.path)[] | "\(of("Killed") + of("Timeout") | length) of \(length) detected in \(.[0].path)"),
    (sort_by(.path, .location.start.line)[]
      | select(.status != "Killed")
      | "\(.path):\(.location.start.line): \(.status): \(.mutatorName): \(.replacement | gsub("\\s+"; " ") | .[0:100])"),
    "\(of("Killed") | length) detected, \(of("Timeout") | length) timed out, \(of("Survived") | length) not detected, " +
    "\(of("NoCoverage") | length) without a test"
' "$json" | tee "$out/report.txt"
exit "$code"
