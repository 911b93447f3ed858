#!/usr/bin/env bash
# Runs all tests, including the native ones. The last line is "N passed, N failed".
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/environment.sh"
. build/publish.sh

say "preparing the tests; they take many minutes"
# Real peers: the AWS CLI, OpenSSL's server, and the shells that a server may have.
need /usr/bin/aws awscli
need openssl openssl
need busybox busybox
need bwrap bubblewrap
need dash dash
need flock util-linux
need jq jq
need script bsdutils
need strace strace
need zsh zsh
need ksh93 ksh
need mksh mksh
need fish fish
need nginx nginx
need node nodejs
need npm npm
peers=$artifacts/peers
if ! cmp -s tests/peers/package-lock.json "$peers/package-lock.json"; then
  say "installing the test peers of npm"
  mkdir -p "$peers"
  cp tests/peers/package.json "$peers/"
  cp tests/peers/package-lock.json "$peers/wanted.json"
  # No package may run a program of its own while it is installed; the native parts that are used come built.
  (cd "$peers" && cp wanted.json package-lock.json && npm ci --silent --ignore-scripts --no-audit --no-fund >/dev/null 2>&1) || {
    rm -f "$peers/package-lock.json"
    say "the npm packages of tests/peers could not be installed"
    exit 1
  }
fi
[ -d /usr/lib/python3/dist-packages/jsonschema ] || install python3-jsonschema

if [ "$architecture" != arm64 ]; then
  publish_for arm64
  emulate_arm64
fi
pick_framework
publish_function "$artifacts" "$architecture"
say "publishing the functions of the tests (about two minutes)"
publish_native tests/FastTrigger.MinimalLoop "$artifacts/test-functions/minimal"
publish_native tests/FastTrigger.HandlerFunction "$artifacts/test-functions/handlers"
cp src/FastTrigger.Bootstrap/obj/$configuration/$framework/$rid/native/bootstrap.mstat "$artifacts/symbols/"
publish_tool
publish_floor
say "building all projects, with the analyzers"
dotnet build FastTrigger.sln -c "$configuration" -v quiet --nologo

passed=0
failed=0
for project in FastTrigger.Tests FastTrigger.NativeTests; do
  log=$artifacts/$project.log
  say "running $project; its output is in artifacts/$project.log"
  # A test that hangs ends the run, and the last lines of the output name it.
  if ! timeout --kill-after 10 1200 "tests/$project/bin/$configuration/net10.0/$project" -noLogo -noColor -parallel collections \
    -longRunning 120 >"$log" 2>&1; then
    cat "$log"
  fi
  # "   FastTrigger.Tests  Total: 12, Errors: 0, Failed: 0, Skipped: 0, ..."
  summary=$(grep -E "Total: [0-9]+, Errors:" "$log" | tail -n 1 || true)
  if [ -z "$summary" ]; then
    say "$project did not finish"
    failed=$((failed + 1))
    continue
  fi
  number() { sed -E "s/.*$1: ([0-9]+).*/\1/" <<<"$summary"; }
  bad=$(($(number Failed) + $(number Errors) + $(number Skipped)))
  failed=$((failed + bad))
  passed=$((passed + $(number Total) - $(number Failed) - $(number Skipped)))
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
