#!/usr/bin/env bash
# order.sh: writes build/order.txt, the names of what the function runs when it starts. The linker puts them beside each other, so that a
# start reads fewer pages. Run it when starts have become slower: a name that is gone is ignored, a new one stands where it may.
# Valgrind says what ran: first an event that no route takes, then a command, and tags with their own connection.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/environment.sh"
need valgrind valgrind
need jq jq
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp artifacts/dynamic/bootstrap artifacts/amazon-roots.pem "$work/"

# ran EVENT ROUTES SHELL: the addresses of instructions that ran in the function itself. SHELL sets its environment.
ran() {
  rm -rf "$work/profile"
  mkdir "$work/profile"
  cat >"$work/function" <<SCRIPT
#!/bin/sh
export DOTNET_GCHeapHardLimit=2000000
$3
exec valgrind -q --tool=callgrind --dump-instr=yes --compress-strings=no --compress-pos=no --dump-every-bb=3000 \
  --log-file="$work/log" --callgrind-out-file="$work/profile/%p" "$work/bootstrap"
SCRIPT
  chmod +x "$work/function"
  # What runs at last is not written, so the event comes twice. One that no route takes ends with 1.
  artifacts/fasttrigger run "$1" "$1" --routes "$2" --bootstrap "$work/function" --timeout 120 >"$work/run" 2>&1 || [ $? = 1 ] || {
    cat "$work/run" >&2
    exit 1
  }
  # Valgrind does not know the program's C#, which has a section of its own.
  cat "$work/profile"/* | awk '/^ob=/ { own = /\?\?\?|\/bootstrap$/ } own && /^0x/ { print substr($1, 3) }' | sort -u
}

# names: the functions in C# at some addresses.
names() {
  {
    nm --defined-only artifacts/dynamic/symbols/bootstrap.dbg | awk 'tolower($2) == "t" { print $1, 1, $3 }'
    awk '{ print substr("0000000000000000", length($1) + 1) $1, 2 }'
  } | sort | awk '
    $3 == "__start___managedcode" { inside = 1; next }
    $3 == "__stop___managedcode" { exit }
    $2 == 1 { all = $1 == at ? all "\n" $3 : $3; at = $1 }
    $2 == 2 && inside && all != "" { print all; all = "" }'
}

say "following three starts (about two minutes)"
jq '.time = (now | todate)' build/demo/launch.json >"$work/launch.json"
{
  ran build/demo/tank-normal.json build/demo/routes.json "export FASTTRIGGER_WARM=off; unset FASTTRIGGER_ONCE_TABLE" | names
  ran build/demo/tank-high.json build/demo/routes.json "" | names
  ran "$work/launch.json" build/coldstart/tag-routes.json "" | names
  # The static function asks for what it cannot do. Valgrind does not run it.
  echo FastTrigger_FastTrigger_Configuration_Settings__SettingOfOpenSsl
} | awk '!seen[$0]++' >"$work/order.txt"
[ "$(grep -c ^FastTrigger_ "$work/order.txt")" -gt 300 ] || {
  say "too few functions were seen"
  exit 1
}
mv "$work/order.txt" build/order.txt
say "build/order.txt has $(wc -l <build/order.txt) names"
