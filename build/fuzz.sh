#!/usr/bin/env bash
# fuzz.sh [SECONDS] [TARGET ...]: lets AFL++ look for bytes that a reader falls over: 60 seconds for each target, or those named.
#   The targets are those of tests/FastTrigger.Fuzzing/FuzzTargets.cs. The report is fuzz.md in the results of this kind of processor.
# The exit code is not 0 when there is a fault; what led to it is in artifacts/fuzz/TARGET/default/crashes.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/environment.sh"
need afl-fuzz afl++
seconds=${1:-60}
shift $(($# > 0 ? 1 : 0))
out=$artifacts/fuzz
mkdir -p "$out"
dotnet tool restore >"$out/restore.log" 2>&1 || {
  cat "$out/restore.log" >&2
  exit 1
}
rm -rf "$out/program"
dotnet publish tests/FastTrigger.Fuzzing -c "$configuration" -v quiet --nologo -o "$out/program" >"$out/publish.log" 2>&1 || {
  cat "$out/publish.log" >&2
  exit 1
}
program=$out/program/FastTrigger.Fuzzing.dll
if [ $# = 0 ]; then
  mapfile -t targets < <(dotnet "$program" --targets)
else
  targets=("$@")
fi
for target in "${targets[@]}"; do
  rm -rf "${out:?}/$target" "$out/seeds/$target"
  dotnet "$program" "$target" --seeds "$out/seeds/$target"
done
# From here on the readers count the branches that they take.
for library in FastTrigger FastTrigger.Cli; do
  dotnet sharpfuzz "$out/program/$library.dll" >"$out/instrument.log" 2>&1 || {
    cat "$out/instrument.log" >&2
    exit 1
  }
done

report=$out/fuzz.md
{
  echo "# Fuzzing"
  echo
  echo "\`build/fuzz.sh $seconds\` on $(date -u +%F), commit $(git rev-parse --short HEAD), AFL++ $(dpkg-query -W -f '${Version}' afl++)."
  echo
  echo "| reader | seconds | inputs | branches | inputs that take another way | faults | hangs |"
  echo "|---|--:|--:|--:|--:|--:|--:|"
} >"$report"
faults=0
for target in "${targets[@]}"; do
  say "fuzzing $target for $seconds seconds"
  AFL_SKIP_BIN_CHECK=1 AFL_NO_UI=1 AFL_NO_COLOR=1 AFL_SKIP_CPUFREQ=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 \
    AFL_TRY_AFFINITY=1 \
    afl-fuzz -V "$seconds" -t 20000 -m none -i "$out/seeds/$target" -o "$out/$target" -- dotnet "$program" "$target" \
    >"$out/$target.log" 2>&1 || {
    tail -n 20 "$out/$target.log" >&2
    exit 1
  }
  of() { sed -n "s/^$1 *: //p" "$out/$target/default/fuzzer_stats"; }
  crashes=$(of saved_crashes)
  hangs=$(of saved_hangs)
  echo "| $target | $(of run_time) | $(of execs_done) | $(of edges_found) | $(of corpus_count) | $crashes | $hangs |" >>"$report"
  faults=$((faults + crashes + hangs))
done
mkdir -p "$(results_folder)"
cp "$report" "$(results_folder)/fuzz.md"
cat "$report"
[ "$faults" = 0 ] || {
  say "what led to the faults is in $out/TARGET/default/crashes; put it into tests/FastTrigger.Fuzzing/corpus/TARGET with the mending"
  exit 1
}
