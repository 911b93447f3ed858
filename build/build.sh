#!/usr/bin/env bash
# Publishes artifacts/bootstrap (with its roots file) and artifacts/fasttrigger.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/environment.sh"
. build/publish.sh
pick_framework
publish_function
publish_tool
publish_floor
say "artifacts/bootstrap: $(stat -c %s artifacts/bootstrap) bytes; artifacts/fasttrigger: try artifacts/fasttrigger --help"
