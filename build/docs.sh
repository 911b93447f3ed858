#!/usr/bin/env bash
# Writes the pages that are generated: docs/routes.md from build/routes.schema.json.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
dotnet build tests/FastTrigger.Tests -c Release -v quiet --nologo
FASTTRIGGER_WRITE_DOCS=true dotnet tests/FastTrigger.Tests/bin/Release/net10.0/FastTrigger.Tests.dll \
  -class FastTrigger.Tests.Documentation.RoutesPageTests -noColor </dev/null
