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
