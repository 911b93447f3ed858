#!/usr/bin/env bash
# Measures the cold start on this machine: build/measure.sh [COUNT]. Ratios count; the machine's noise is in both sides of them.
#   hello: an event that no route takes, against the same loop with no routing
#   tag:   a RunInstances event over https, connection included, against one https request by curl
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/environment.sh"
need curl curl
count=${1:-30}
[ -x artifacts/bootstrap ] && [ -x artifacts/test-functions/minimal/FastTrigger.MinimalLoop ] || {
  say "run ./bootstrap.sh test first: it publishes what is measured"
  exit 1
}

work=$(mktemp -d)
trap 'kill $server 2>/dev/null || true; rm -rf "$work"' EXIT
"$linker" -O2 -o "$work/measure" build/measure.c
artifacts/fasttrigger serve --port 0 --routes build/measure-routes.json >"$work/serve.log" &
server=$!
until grep -q 'over https' "$work/serve.log"; do sleep 0.1; done
url=$(grep -o 'https://localhost:[0-9]*' "$work/serve.log" | head -n 1)
bundle=$(sed -n 's/.*whoever trusts //p' "$work/serve.log")
http=$(grep -o 'http://127.0.0.1:[0-9]*' "$work/serve.log" | head -n 1)
eval "$(grep '^export ' "$work/serve.log")"
export AWS_SESSION_TOKEN=local-session-token AWS_REGION=us-east-1 FASTTRIGGER_ROUTES=$root/build/demo/routes.json
export AWS_ENDPOINT_URL=$url AWS_CA_BUNDLE=$bundle
sed "s/\"time\": *\"[^\"]*\"/\"time\": \"$(date -u +%Y-%m-%dT%H:%M:%SZ)\"/" build/demo/launch.json >"$work/launch.json"
# The local EC2 only tags what exists.
artifacts/fasttrigger --version >/dev/null
curl -s -o /dev/null --fail-with-body --aws-sigv4 "aws:amz:us-east-1:lambda" --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" -H "x-amz-security-token: $AWS_SESSION_TOKEN" \
  -H 'Content-Type: application/json' --data-binary @"$work/launch.json" "$http/2015-03-31/functions/fasttrigger/invocations"

echo "commit $(git rev-parse --short HEAD), $(grep -m1 'model name' /proc/cpuinfo | sed 's/.*: //'), $(nproc) cores, $count interleaved runs"
echo "hello: exec to response, nothing matches"
"$work/measure" "$count" build/demo/tank-normal.json -- minimal function artifacts/test-functions/minimal/FastTrigger.MinimalLoop -- fasttrigger function artifacts/bootstrap
export FASTTRIGGER_ROUTES=$root/build/measure-routes.json
echo "tag: exec to response, RunInstances to one CreateTags over https; curl: exec to exit, one https request"
"$work/measure" "$count" "$work/launch.json" -- curl command /usr/bin/curl -s -o /dev/null --cacert "$bundle" --data 'Action=CreateTags' "$url/" -- fasttrigger function artifacts/bootstrap
