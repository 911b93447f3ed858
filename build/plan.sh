#!/usr/bin/env bash
# plan.sh [SECONDS]: compares what fasttrigger plan says with what a storm of such events counts, where each call of the local AWS takes
# 100 ms. The report is plan.md in the results of this kind of processor.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/environment.sh"
need jq jq
[ -x artifacts/bootstrap ] && [ -x artifacts/fasttrigger ] || build/build.sh >&2
seconds=${1:-60}
out=$artifacts/plan
mkdir -p "$(results_folder)" "$out"
event=(build/demo/launch.json --routes build/demo/routes.json)
{
  echo "# A plan beside a storm"
  echo
  echo "\`build/plan.sh $seconds\` on $(date -u +%F), commit $(git rev-parse --short HEAD). Poisson arrivals for $seconds seconds;" \
    "each call of the local AWS takes 100 ms."
  echo
  echo "| events a second | busy on average: plan | storm | busy at most: plan | storm | calls: plan | storm | ms: plan | storm |" \
    "lost or twice |"
  echo "|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
  for rate in 1 5 20; do
    artifacts/fasttrigger plan "${event[@]}" --events-per-second "$rate" --json >"$out/plan.json" 2>"$out/log" || [ $? = 1 ]
    artifacts/fasttrigger coldstart --storm "$rate" --duration "$seconds" --arrivals poisson --pools none --concurrency 100 \
      --event "${event[@]}" --world build/coldstart/plan-world.json --out "$out" >"$out/log" 2>&1
    # A sample is: at, whole, waiting, start, work.
    jq -r --slurpfile plan "$out/plan.json" '
      def round2: . * 100 | round / 100;
      $plan[0] as $plan | .rate as $rate | .seconds as $seconds | .runs[0] as $run
      | ([$run.samples[][4]] | add) as $work
      | [$rate, ($plan.busy | round2), ($work / 1000 / $seconds | round2), $plan.mostBusy, $run.maxBusy,
          ([$plan.calls[].perInvocation] | add * $run.events), ([$run.awsCalls[].calls] | add),
          ($plan.durationMs | round), ($work / $run.events | round), ($run.lost + $run.missing + $run.twice)]
      | "| " + (map(tostring) | join(" | ")) + " |"' "$out/storm.json"
  done
} | tee "$(results_folder)/plan.md"
