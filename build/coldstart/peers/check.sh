# Sourced by peers.sh: builds the functions of a language, and looks at what each does before it is measured.
hello=()
tag=()
: >"$peers/versions.tsv"
{
  printf 'Rust, lambda_runtime\tit is neither in Debian nor in NuGet or npm\n'
  printf 'Rust, aws-sdk-ec2\tit is neither in Debian nor in NuGet or npm\n'
  printf 'Go, aws-lambda-go\tit is neither in Debian nor in NuGet or npm; the loop is one on net/http, as its own\n'
  printf '.NET, Amazon.Lambda.RuntimeSupport\tthe loop is a minimal one on HttpClient, as its own\n'
} >"$peers/missing.tsv"

# version NAME VERSION: a line of the report's table of versions.
version() { printf '%s\t%s\n' "$1" "${2:-unknown}" >>"$peers/versions.tsv"; }

# missing NAME REASON: a line of the report about what was not measured.
missing() {
  say "not measured: $1: $2"
  printf '%s\t%s\n' "$1" "$2" >>"$peers/missing.tsv"
}

# build_peers LANGUAGE: builds its functions, and adds them to what is measured.
build_peers() {
  local log=$peers/$1.log status
  say "building the functions of $1 (the first time takes minutes)"
  set +e
  (
    set -e
    "build_$1"
  ) >"$log" 2>&1
  status=$?
  set -e
  if [ $status = 0 ]; then
    "versions_of_$1"
    "candidates_of_$1"
  else
    missing "$1" "it could not be built: $(grep -m1 -i error "$log" || tail -1 "$log")"
  fi
}

# hello NAME PROGRAM ARGUMENT ...: measures a function, if it answers its event and calls nothing.
hello() {
  local event=$peers/hello.json
  cp build/demo/tank-normal.json "$event"
  is_same "$event" "$hello_routes" 0 "$@" || return 0
  hello+=(--compare "$1=${*:2}")
}

# tag NAME PROGRAM ARGUMENT ...: measures a function, as it is and with a dry run in INIT, if it makes the call that FastTrigger makes.
tag() {
  local event=$peers/tag.json
  # FastTrigger overwrites no tag for an event of yesterday.
  jq '.time = (now | todate)' build/demo/launch.json >"$event"
  is_same "$event" "$tag_routes" 0 "$@" || return 0
  tag+=(--compare "$1=${*:2}")
  is_same "$event" "$tag_routes" 1 "$1, warmed up in INIT" "${@:2}" warm-up || return 0
  tag+=(--compare "$1, warmed up in INIT=${*:2} warm-up")
}

# is_same EVENT ROUTES COUNT NAME PROGRAM ARGUMENT ...: whether a function answers, changes what FastTrigger changes, and makes so many dry
# runs.
is_same() {
  local routes=$2 name=$4 event=$1 dry_runs=$3 ours theirs
  ours=$(calls_of "$event" "$routes" artifacts/bootstrap | jq -c ".dryRuns = $dry_runs")
  shift 4
  printf '#!/bin/sh\ncd "%s" && exec %s\n' "$root" "$*" >"$peers/bootstrap"
  chmod +x "$peers/bootstrap"
  theirs=$(calls_of "$event" "$routes" "$peers/bootstrap")
  [ "$theirs" = "$ours" ] || {
    missing "$name" "it did something else than FastTrigger: ${theirs:0:400}"
    return 1
  }
}

# calls_of EVENT ROUTES BOOTSTRAP: whether the function answers, its calls that succeeded, and the number of its dry runs.
calls_of() {
  artifacts/fasttrigger run "$1" --routes "$2" --bootstrap "$3" --json "${world[@]}" 2>>"$peers/run.log" | jq -cS '
    { answered: (.invocations[0].response != null),
      error: .invocations[0].error.errorMessage,
      dryRuns: ([.calls[] | select(.status == 412)] | length),
      calls: [.calls[] | select(.status == 200) | { operation, parameters } | .parameters.Resources |= (. // [] | sort)] }' || true
}
