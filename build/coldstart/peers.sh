#!/usr/bin/env bash
# Compares FastTrigger with functions in Go, Rust, C#, JavaScript and Python: build/coldstart/peers.sh [COUNT].
#   hello  reads an event and gives a fixed answer
#   tag    makes one CreateTags call over https for a RunInstances event, with the AWS SDK of its language; also with a dry run in INIT
# Compilers, interpreters and SDKs are the newest of Debian's suites, and those of NuGet and npm that the folders here name. They are
# kept in artifacts/coldstart-peers, and none is installed: delete that folder for newer ones. What cannot be built is named in the report.
# Results, with all versions, go to build/results/PROCESSOR/peers.{md,json}.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../environment.sh"
count=${1:-30}
peers=$artifacts/coldstart-peers
sources=build/coldstart/peers
mkdir -p "$peers"
. "$sources/debian.sh"
. "$sources/check.sh"
for language in go rust dotnet node python; do . "$sources/$language/build.sh"; done
need curl curl
need jq jq
need npm npm
[ -x artifacts/bootstrap ] && [ -x artifacts/fasttrigger ] && [ -x artifacts/coldstart-floor ] || build/build.sh

# The small file of roots is the only one for every function. One server is there for the dry runs.
world=(--world "$sources/world.json" --env WARM_UP_INSTANCE=i-0aaaaaaaaaaaaaaaa --env SSL_CERT_DIR=/none)
hello_routes=build/demo/routes.json
tag_routes=build/coldstart/tag-routes.json

for language in go rust dotnet node python; do build_peers "$language"; done

measure() {
  artifacts/fasttrigger coldstart --count "$count" --memory 128 --warm 100 --out "artifacts/coldstart/peers/$1" "${world[@]}" "${@:2}"
}
measure hello --event build/demo/tank-normal.json --routes "$hello_routes" --env FASTTRIGGER_WARM=off ${hello[@]+"${hello[@]}"}
measure tag --event build/demo/launch.json --routes "$tag_routes" ${tag[@]+"${tag[@]}"} \
  --program 'curl=curl -s -o /dev/null --cacert {ca} --data Action=CreateTags {url}/'

results=$(results_folder)
mkdir -p "$results"
{
  echo "# Beside functions of others"
  echo
  echo "By \`build/coldstart/peers.sh $count\`. Each function was seen to make the same calls as FastTrigger before it was measured."
  echo
  echo "| | version |"
  echo "|---|---|"
  sed 's/\t/ | /; s/.*/| & |/' "$peers/versions.tsv"
  echo
  echo "Not measured:"
  echo
  sed 's/\t/: /; s/^/- /' "$peers/missing.tsv"
  for name in hello tag; do
    echo
    sed 's/^#/##/' "artifacts/coldstart/peers/$name/report.md"
  done
} >"$results/peers.md"
jq -n --rawfile versions "$peers/versions.tsv" --rawfile missing "$peers/missing.tsv" \
  --slurpfile hello artifacts/coldstart/peers/hello/report.json --slurpfile tag artifacts/coldstart/peers/tag/report.json '
  def pairs: [split("\n")[] | select(. != "") | split("\t") | { (.[0]): .[1] }] | add;
  { versions: ($versions | pairs), notMeasured: ($missing | pairs), experiments: [$hello[0], $tag[0]] }' -c >"$results/peers.json"
say "$results has the results"
