#!/usr/bin/env bash
# Writes what is generated: docs/routes.md from build/routes.schema.json, and the parts of README and docs/performance.md about functions
# of others from the last build/results/*/peers.json.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
dotnet build tests/FastTrigger.Tests -c Release -v quiet --nologo
FASTTRIGGER_WRITE_DOCS=true dotnet tests/FastTrigger.Tests/bin/Release/net10.0/FastTrigger.Tests.dll \
  -class FastTrigger.Tests.Documentation.RoutesPageTests -class FastTrigger.Tests.Documentation.PeersTextTests -noColor </dev/null
