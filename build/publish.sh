# Sourced by build.sh and test.sh: native publishing.

# Native AOT for net10.0 needs runtime packs that not every registry has; net9.0 is the way out, and is said.
pick_framework() {
  local log=$root/artifacts/native-framework.log
  mkdir -p "$artifacts"
  if dotnet restore src/FastTrigger.Bootstrap -r "$rid" -p:Native=true -p:NativeFramework=net10.0 >"$log" 2>&1; then
    framework=net10.0
    say "publishing for net10.0"
  elif grep -q NU1101 "$log"; then
    framework=net9.0
    say "publishing for net9.0: $(grep -o "Unable to find package [^ ]*" "$log" | head -n 1 | tr '[:upper:]' '[:lower:]' | sed 's/\.$//') for net10.0"
    say "  (.NET 9 is out of support: release from where net10.0 restores)"
  else
    cat "$log" >&2
    exit 1
  fi
  echo "$framework" >"$artifacts/native-framework"
}

# publish_native PROJECT FOLDER: the native binary of a project, without what surrounds it.
publish_native() {
  local log=$artifacts/publish.log
  if ! dotnet publish "$1" -f "$framework" -r "$rid" -c "$configuration" -p:Native=true -p:NativeFramework="$framework" \
    -p:CppCompilerAndLinker="$linker" -p:PublishDir="$2/" -v quiet >"$log" 2>&1; then
    cat "$log" >&2
    exit 1
  fi
}

publish_tool() {
  local log=$artifacts/publish.log
  if ! dotnet publish src/FastTrigger.Cli -c "$configuration" -r "$rid" --self-contained false -p:PublishSingleFile=true \
    -p:PublishDir="$artifacts/tool/" -v quiet >"$log" 2>&1; then
    cat "$log" >&2
    exit 1
  fi
  mv -f "$artifacts/tool/FastTrigger.Cli" "$artifacts/fasttrigger"
  rm -rf "$artifacts/tool"
}

# The program that every cold start is compared with. Static where the machine has a static C library.
publish_floor() {
  "$linker" -O2 -D_GNU_SOURCE -static -o "$artifacts/coldstart-floor" build/coldstart/floor.c 2>/dev/null || "$linker" -O2 -D_GNU_SOURCE -o "$artifacts/coldstart-floor" build/coldstart/floor.c
}

# The function as it is deployed: binary and roots side by side; its symbols apart.
publish_function() {
  publish_native src/FastTrigger.Bootstrap "$artifacts/function"
  mkdir -p "$artifacts/symbols"
  mv -f "$artifacts/function/bootstrap" "$artifacts/function/amazon-roots.pem" "$artifacts/"
  mv -f "$artifacts/function/bootstrap.dbg" "$artifacts/symbols/"
  rm -rf "$artifacts/function"
}
