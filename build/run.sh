#!/usr/bin/env bash
# Runs the demo of the water plant: real events, the native function, local AWS servers.
set -euo pipefail
build/build.sh
. "$(dirname "${BASH_SOURCE[0]}")/environment.sh"
# The scripts of the local servers run isolated.
need bwrap bubblewrap

# The plant of the demo.
run() { artifacts/fasttrigger run "$@" --routes build/demo/routes.json; }
chapter() { printf '\n== %s\n\n' "$1"; }

chapter "Alice launches three servers: they get their owner tag. One server starts: its start command runs."
run build/demo/launch.json build/demo/running.json

chapter "A tank level is high: the valve opens on both pump controllers. The same event arrives again: it does not open twice."
run build/demo/tank-high.json build/demo/tank-high.json

chapter "A tank level is normal: no route takes the event, and the reason is said."
run build/demo/tank-normal.json --expect unmatched

chapter "The response of Systems Manager is lost: the valve still opens only once."
run build/demo/tank-high.json --world build/demo/lost-answer.json

chapter "A valve has a hostile name, an alarm goes off, and the website is checked on its schedule."
run build/demo/tank-hostile.json build/demo/alarm.json build/demo/site-check.json build/demo/site-rule.json

chapter "A document orders a valve twice: Systems Manager gets it once. Auto Scaling launches a server: it inherits the group's owner."
artifacts/fasttrigger run build/demo/actions/valve-order.json build/demo/actions/valve-order.json build/demo/actions/scaled.json \
  --routes build/demo/actions/routes.json

chapter "Systems Manager throttles until Lambda gives up. The dead letter is replayed twice."
rm -rf artifacts/dead-letters.jsonl artifacts/replay
run build/demo/tank-high.json --world build/demo/actions/throttled.json --asynchronous \
  --dead-letters artifacts/dead-letters.jsonl --expect retry
artifacts/fasttrigger replay artifacts/dead-letters.jsonl --state artifacts/replay --routes build/demo/routes.json
artifacts/fasttrigger replay artifacts/dead-letters.jsonl --state artifacts/replay --routes build/demo/routes.json

chapter "A storm: functions are killed, responses are lost, commands are interrupted."
artifacts/fasttrigger chaos --events 10 --deliveries 60
