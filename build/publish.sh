# Sourced by build.sh and test.sh: native publishing.
. build/openssl.sh

# native_restores FRAMEWORK: whether the packs of Native AOT can be restored. The output is in native-framework.log.
native_restores() {
  mkdir -p "$artifacts"
  dotnet restore src/FastTrigger.Bootstrap -r "$rid" -p:Native=true -p:NativeFramework="$1" >"$artifacts/native-framework.log" 2>&1
}

# missing_packs: the packages, with versions, that the last restore did not find.
missing_packs() {
  grep -oE "Unable to find package [^ ]+( with version \([^)]*\))?" "$artifacts/native-framework.log" \
    | sed 's/^Unable to find package //; s/\.$//' | sort -u | paste -sd ';' | sed 's/;/; /g'
}

# pick_framework: Native AOT for net10.0 needs runtime packs that not every registry has. Then net9.0 replaces it, with a message.
pick_framework() {
  say "restoring the packages of Native AOT (about a minute the first time)"
  if native_restores net10.0; then
    framework=net10.0
  elif [ -n "$(missing_packs)" ]; then
    framework=net9.0
    say "publishing for net9.0: net10.0 needs $(missing_packs), which cannot be restored"
    say "  (.NET 9 is out of support: release from where net10.0 restores)"
  else
    cat "$artifacts/native-framework.log" >&2
    exit 1
  fi
}

# publish_native PROJECT FOLDER [OPTION...]: publishes the native binary of a project.
publish_native() {
  local log=$artifacts/publish.log
  if ! dotnet publish "$1" -f "$framework" -r "$rid" -c "$configuration" -p:Native=true -p:NativeFramework="$framework" \
    -p:CppCompilerAndLinker="$linker" -p:ObjCopyName="$objcopy" -p:PublishDir="$2/" "${@:3}" -v quiet >"$log" 2>&1; then
    cat "$log" >&2
    exit 1
  fi
}

# publish_for ARCHITECTURE: publishes the function for another architecture than this machine's, into artifacts/ARCHITECTURE. The restore
# comes first, so that a missing pack ends it before a toolchain is installed.
publish_for() (
  rid=$(rid_of "$1")
  framework=net10.0
  native_restores "$framework" || {
    if [ -n "$(missing_packs)" ]; then
      say "no function for $1 can be built here: $(missing_packs) cannot be restored"
    else
      cat "$artifacts/native-framework.log" >&2
    fi
    exit 1
  }
  local prefix
  case $1 in arm64) prefix=aarch64-linux-gnu ;; *) prefix=x86_64-linux-gnu ;; esac
  linker=$prefix-gcc
  objcopy=$prefix-objcopy
  need "$linker" "gcc-${prefix//_/-}"
  publish_function "$artifacts/$1" "$1"
)

publish_tool() {
  say "publishing the tool (about half a minute)"
  local log=$artifacts/publish.log
  if ! dotnet publish src/FastTrigger.Cli -c "$configuration" -r "$rid" --self-contained false -p:PublishSingleFile=true \
    -p:PublishDir="$artifacts/tool/" -v quiet >"$log" 2>&1; then
    cat "$log" >&2
    exit 1
  fi
  mv -f "$artifacts/tool/FastTrigger.Cli" "$artifacts/fasttrigger"
  rm -rf "$artifacts/tool"
}

# publish_floor: builds the program that every cold start is compared with. It is static where the machine has a static C library.
publish_floor() {
  local compile=("$linker" -O2 -D_GNU_SOURCE -o "$artifacts/coldstart-floor" build/coldstart/floor.c)
  "${compile[@]}" -static 2>/dev/null || "${compile[@]}"
}

# publish_link LINK FOLDER: publishes the function, linked statically or dynamically: binary, roots and framework name in FOLDER, symbols in
# FOLDER/symbols.
publish_link() {
  say "publishing the function for $framework, $rid, $1 (about a minute)"
  publish_native src/FastTrigger.Bootstrap "$artifacts/function" -p:Link="$1" -p:OpenSsl="$openssl"
  mkdir -p "$2/symbols"
  mv -f "$artifacts/function/bootstrap" "$artifacts/function/amazon-roots.pem" "$2/"
  mv -f "$artifacts/function/bootstrap.dbg" "$2/symbols/"
  rm -rf "$artifacts/function"
  echo "$framework" >"$2/native-framework"
}

# publish_function FOLDER ARCH: publishes the function for deployment. In FOLDER is the static one, in FOLDER/dynamic the one that uses the
# system's libraries. Where a static one cannot be linked, FOLDER has the dynamic one.
publish_function() {
  static_openssl "$2"
  if [ -n "$openssl" ]; then
    publish_link static "$1"
    publish_link dynamic "$1/dynamic"
  else
    rm -rf "$1/dynamic"
    publish_link dynamic "$1"
  fi
}

# emulate_arm64: creates artifacts/arm64/emulated and artifacts/arm64/dynamic/emulated, which run the functions for arm64 in an emulator.
# The dynamic one uses the libraries of Debian's arm64 packages, which are unpacked and not installed.
emulate_arm64() {
  local folder=$artifacts/arm64
  need qemu-aarch64 qemu-user
  if [ ! -e "$folder/root/lib/aarch64-linux-gnu/libc.so.6" ]; then
    say "fetching the libraries of arm64"
    rm -rf "$folder/root"
    unpack_packages arm64 "$folder/root" libc6 libgcc-s1 libssl3 zlib1g >"$artifacts/arm64.log" 2>&1 || {
      cat "$artifacts/arm64.log" >&2
      exit 1
    }
  fi
  emulate "$folder" ""
  [ ! -e "$folder/dynamic" ] || emulate "$folder/dynamic" "-L $folder/root"
}

# emulate FOLDER OPTIONS
emulate() {
  printf '#!/bin/sh\nexec qemu-aarch64 %s "%s/bootstrap"\n' "$2" "$1" >"$1/emulated"
  chmod +x "$1/emulated"
}
