#!/usr/bin/env bash
# Acts out the plant's story: real events, the native function, local AWS servers.
set -euo pipefail
build/build.sh
. "$(dirname "${BASH_SOURCE[0]}")/environment.sh"

chapter() { printf '\n== %s\n\n' "$1"; }

chapter "Alice launches three servers: they get their owner. One comes up: its start command runs."
artifacts/fasttrigger run build/demo/launch.json build/demo/running.json

chapter "A tank runs high: the valve opens on both pump controllers. The same event comes again: it does not open twice."
artifacts/fasttrigger run build/demo/tank-high.json build/demo/tank-high.json build/demo/tank-normal.json

chapter "The answer of Systems Manager is lost on the wire: the valve opens once all the same."
artifacts/fasttrigger run build/demo/tank-high.json --world build/demo/lost-answer.json

chapter "A valve with a hostile name, an alarm, and the site on its schedule."
artifacts/fasttrigger run build/demo/tank-hostile.json build/demo/alarm.json build/demo/site-check.json build/demo/site-rule.json

chapter "A valve is ordered by a document, twice: Systems Manager gets it once. Auto Scaling launches: the group's owner is inherited."
artifacts/fasttrigger run build/demo/actions/valve-order.json build/demo/actions/valve-order.json build/demo/actions/scaled.json --routes build/demo/actions/routes.json

chapter "Systems Manager is throttled until Lambda gives up. The dead letter is played back, and played back again."
rm -rf artifacts/dead-letters.jsonl artifacts/replay
artifacts/fasttrigger run build/demo/tank-high.json --world build/demo/actions/throttled.json --asynchronous --dead-letters artifacts/dead-letters.jsonl | tail -n 4 || true
artifacts/fasttrigger replay artifacts/dead-letters.jsonl --state artifacts/replay
artifacts/fasttrigger replay artifacts/dead-letters.jsonl --state artifacts/replay

chapter "A storm: functions are killed, answers lost, commands cut off."
artifacts/fasttrigger chaos --events 10 --deliveries 60
