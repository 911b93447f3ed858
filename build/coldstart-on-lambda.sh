#!/usr/bin/env bash
# Measures cold starts on Lambda itself: deploys the built function, forces a new environment before each invocation, and reads Init
# Duration, Duration and Max Memory Used from the log that Invoke returns. It costs a few cents. It was never run on AWS yet.
#   build/coldstart-on-lambda.sh ROLE_ARN [COUNT] [MEMORY ...]     default: 20 cold starts at each of 128 512 1769 MB
#   EVENT=FILE and ROUTES=FILE choose another event and routes file. The function is deleted at the end, unless KEEP=1 is set.
# ROLE_ARN is an execution role with AWSLambdaBasicExecutionRole and the routes' permissions. The AWS CLI's settings choose account and
# region.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/environment.sh"
[ $# -ge 1 ] || {
  sed -n '2,7s/^# //p' "$0" >&2
  exit 2
}
role=$1
count=${2:-20}
sizes=("${@:3}")
[ ${#sizes[@]} -gt 0 ] || sizes=(128 512 1769)
event=${EVENT:-build/demo/tank-normal.json}
routes=${ROUTES:-build/demo/routes.json}
need aws awscli
need zip zip
[ -x artifacts/bootstrap ] || build/build.sh

work=$(mktemp -d)
function=fasttrigger-coldstart-$$
finish() {
  [ -n "${KEEP:-}" ] || aws lambda delete-function --function-name "$function" >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap finish EXIT
cp artifacts/bootstrap artifacts/amazon-roots.pem "$work/"
cp "$routes" "$work/routes.json"
(cd "$work" && zip -q -9 function.zip bootstrap amazon-roots.pem routes.json)
aws lambda create-function --function-name "$function" --runtime provided.al2023 --architectures "$architecture" --handler bootstrap \
  --role "$role" --zip-file "fileb://$work/function.zip" --timeout 30 --memory-size "${sizes[0]}" >/dev/null
aws lambda wait function-active-v2 --function-name "$function"

# median: the median of the numbers on standard input, one a line.
median() {
  sort -n | awk '
    { a[NR] = $1 }
    END {
      if (NR == 0) print "-"
      else if (NR % 2) print a[(NR + 1) / 2]
      else print (a[NR / 2] + a[NR / 2 + 1]) / 2
    }'
}

echo "| $architecture, MB | Init Duration ms, median | Duration ms, median | sum | Max Memory Used MB |"
echo "|--:|--:|--:|--:|--:|"
for size in "${sizes[@]}"; do
  : >"$work/init" && : >"$work/duration" && : >"$work/both" && : >"$work/memory"
  for ((i = 1; i <= count; i++)); do
    # Lambda does not reuse an environment with an older configuration.
    aws lambda update-function-configuration --function-name "$function" --memory-size "$size" \
      --environment "Variables={SITE=https://example.com/,COLDSTART=$size-$i}" >/dev/null
    aws lambda wait function-updated-v2 --function-name "$function"
    # REPORT RequestId: ...  Duration: 1.23 ms  Billed Duration: 14 ms  Memory Size: 128 MB  Max Memory Used: 14 MB  Init Duration: 12.34 ms
    report=$(aws lambda invoke --function-name "$function" --log-type Tail --cli-binary-format raw-in-base64-out \
      --payload "file://$event" --query LogResult --output text "$work/answer.json" | base64 -d | tr '\t' '\n' \
      | grep -E '^(REPORT )?(Duration|Init Duration|Max Memory Used)' || true)
    init=$(sed -n 's/^Init Duration: \([0-9.]*\) ms.*/\1/p' <<<"$report")
    duration=$(sed -n 's/^Duration: \([0-9.]*\) ms.*/\1/p' <<<"$report")
    [ -n "$init" ] || {
      say "invocation $i at $size MB was not cold, or failed: $(head -c 300 "$work/answer.json")"
      continue
    }
    echo "$init" >>"$work/init"
    echo "$duration" >>"$work/duration"
    awk "BEGIN { print $init + $duration }" >>"$work/both"
    sed -n 's/^Max Memory Used: \([0-9]*\) MB.*/\1/p' <<<"$report" >>"$work/memory"
  done
  echo "| $size | $(median <"$work/init") | $(median <"$work/duration") | $(median <"$work/both") | $(median <"$work/memory") |"
done
