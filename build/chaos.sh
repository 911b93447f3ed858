#!/usr/bin/env bash
# chaos.sh [EVENTS] [DELIVERIES]: many deliveries of the same events to functions that are killed, over a wire that breaks. The last line is
# "events N deliveries N acted N unknown N twice N lost N".
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/environment.sh"
[ -x artifacts/bootstrap ] && [ -x artifacts/fasttrigger ] || build/build.sh >&2
exec artifacts/fasttrigger chaos --events "${1:-20}" --deliveries "${2:-200}"
