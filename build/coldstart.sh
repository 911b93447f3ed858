#!/usr/bin/env bash
# The standard set of cold start measurements: build/coldstart.sh [COUNT]. Results go to build/results/PROCESSOR/, pages to
# artifacts/coldstart/.
#   hello        an event that no route takes, with the whole binary and without a warm-up
#   tag          a RunInstances event with one CreateTags over https, compared with one request of curl and with a connection on demand
#   run-command  an event with SendCommand over https and the check of its outcome
#   storm        a minute of independent arrivals, with environments that stop so soon that half of the events are cold starts
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/environment.sh"
. build/publish.sh
need curl curl
count=${1:-40}
minimal=artifacts/test-functions/minimal/FastTrigger.MinimalLoop
[ -x artifacts/bootstrap ] && [ -x artifacts/fasttrigger ] && [ -x artifacts/coldstart-floor ] || build/build.sh
[ -x "$minimal" ] || {
  pick_framework
  publish_native tests/FastTrigger.MinimalLoop "$artifacts/test-functions/minimal"
}

out=artifacts/coldstart
measure() { artifacts/fasttrigger coldstart --count "$count" --out "$out/$1" "${@:2}"; }
measure hello --event build/demo/tank-normal.json --routes build/demo/routes.json --env FASTTRIGGER_WARM=off \
  --memory 128,512,1769 --warm 200 --compare "dynamic=artifacts/dynamic/bootstrap" --compare "minimal loop=$minimal"
measure tag --event build/demo/launch.json --routes build/coldstart/tag-routes.json --memory 128,512,1769 --spent-slice --warm 200 \
  --compare "dynamic=artifacts/dynamic/bootstrap" \
  --compare "opened on demand=/usr/bin/env FASTTRIGGER_WARM=off artifacts/bootstrap" \
  --program 'curl=curl -s -o /dev/null --cacert {ca} --data Action=CreateTags {url}/'
measure run-command --event build/demo/tank-high.json --routes build/demo/routes.json --memory 128,512,1769
artifacts/fasttrigger coldstart --storm 15 --duration 60 --arrivals poisson --idle 0.05 --concurrency 20 \
  --event build/demo/launch.json --routes build/coldstart/tag-routes.json --out "$out/storm"

results=$(results_folder)
mkdir -p "$results"
{
  echo "# Cold start"
  echo
  echo "The standard set, by \`build/coldstart.sh $count\`. .NET SDK $(dotnet --version), native for $(cat artifacts/native-framework)." \
    "Every sample is in coldstart.json."
  for name in hello tag run-command; do
    echo
    sed 's/^#/##/' "$out/$name/report.md"
  done
} >"$results/coldstart.md"
{
  printf '{"sdk":"%s","native":"%s","experiments":[' "$(dotnet --version)" "$(cat artifacts/native-framework)"
  cat "$out/hello/report.json"
  printf ','
  cat "$out/tag/report.json"
  printf ','
  cat "$out/run-command/report.json"
  printf ']}\n'
} >"$results/coldstart.json"
cp "$out/storm/storm.md" "$out/storm/storm.json" "$results/"
say "$results has the results"
