#!/usr/bin/env bash
# benchmark.sh [--filter GLOB]: measures how long it takes to recognize an event and to read its items, for every sample and for events of
# up to 6 MB. It takes some minutes. The report is in artifacts/benchmarks.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/environment.sh"
exec dotnet run --project tests/FastTrigger.Benchmarks -c Release -v quiet -- "$@"
