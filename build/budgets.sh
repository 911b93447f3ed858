#!/usr/bin/env bash
# Checks the built function against build/budgets.json: ratios to the minimal loop, measured in the same run. A ratio fails only when its
# whole 95 % interval is above the budget.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/environment.sh"
minimal="minimal loop=artifacts/test-functions/minimal/FastTrigger.MinimalLoop"
measure() {
  artifacts/fasttrigger coldstart --count 30 --memory none --out "$artifacts/budgets/$1" \
    --budgets build/budgets.json --budget "$1" --compare "$minimal" "${@:2}"
}
hello() {
  measure "hello$1" --event build/demo/tank-normal.json --routes build/demo/routes.json --env FASTTRIGGER_WARM=off --warm 200 "${@:2}"
}
tag() { measure "tag$1" --event build/demo/launch.json --routes build/coldstart/tag-routes.json "${@:2}"; }
hello ""
tag ""
dynamic=artifacts/dynamic/bootstrap
[ -e "$dynamic" ] || exit 0
hello -dynamic --bootstrap "$dynamic"
tag -dynamic --bootstrap "$dynamic"
