#!/usr/bin/env bash
# Runs the published function under valgrind against servers whose TLS fails in every way. It passes when valgrind sees no error and no
# lost memory, and when more events leave no more memory in use. The last lines are valgrind's summary and the result.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/environment.sh"
need valgrind valgrind
[ -x artifacts/bootstrap ] || build/build.sh >&2
dotnet build tests/FastTrigger.NativeTests -c "$configuration" -v quiet --nologo >&2
log=$artifacts/valgrind.log
status=0
"tests/FastTrigger.NativeTests/bin/$configuration/net10.0/FastTrigger.NativeTests" -noLogo -noColor -explicit only \
  -class FastTrigger.NativeTests.ValgrindTests -showLiveOutput >"$log" 2>&1 </dev/null || status=$?
[ "$status" = 0 ] || cat "$log" >&2
grep -oE "(definitely|indirectly) lost:.*|All heap blocks were freed.*|growth in .*|ERROR SUMMARY:.*|Total: .*" "$log" || true
exit "$status"
