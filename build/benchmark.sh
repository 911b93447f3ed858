#!/usr/bin/env bash
# benchmark.sh [--filter GLOB]: how long it takes to see what an event is and to make its items, for every sample and for events of up to 6 MB. Some minutes; the report is in artifacts/benchmarks.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/environment.sh"
exec dotnet run --project tests/FastTrigger.Benchmarks -c Release -v quiet -- "$@"
