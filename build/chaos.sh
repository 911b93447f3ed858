#!/usr/bin/env bash
# chaos.sh [EVENTS] [DELIVERIES]: delivers the same events many times while functions are killed and connections break. The last line is
# "events N deliveries N acted N unknown N twice N lost N".
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/environment.sh"
[ -x artifacts/bootstrap ] && [ -x artifacts/fasttrigger ] || build/build.sh >&2
exec artifacts/fasttrigger chaos --events "${1:-20}" --deliveries "${2:-200}"
