# Sourced by build.sh and test.sh: native publishing.

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

# publish_native PROJECT FOLDER: publishes the native binary of a project.
publish_native() {
  local log=$artifacts/publish.log
  if ! dotnet publish "$1" -f "$framework" -r "$rid" -c "$configuration" -p:Native=true -p:NativeFramework="$framework" \
    -p:CppCompilerAndLinker="$linker" -p:ObjCopyName="$objcopy" -p:PublishDir="$2/" -v quiet >"$log" 2>&1; then
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
  publish_function "$artifacts/$1"
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

# publish_function FOLDER: publishes the function for deployment: binary, roots and framework name in FOLDER, symbols in FOLDER/symbols.
publish_function() {
  say "publishing the function for $framework, $rid (about a minute)"
  publish_native src/FastTrigger.Bootstrap "$artifacts/function"
  mkdir -p "$1/symbols"
  mv -f "$artifacts/function/bootstrap" "$artifacts/function/amazon-roots.pem" "$1/"
  mv -f "$artifacts/function/bootstrap.dbg" "$1/symbols/"
  rm -rf "$artifacts/function"
  echo "$framework" >"$1/native-framework"
}

# emulate_arm64: creates artifacts/arm64/emulated, which runs the arm64 function on this machine. It uses an emulator and the libraries of
# Debian's arm64 packages, which are unpacked and not installed.
emulate_arm64() {
  local folder=$artifacts/arm64 apt
  need qemu-aarch64 qemu-user
  if [ ! -e "$folder/root/lib/aarch64-linux-gnu/libc.so.6" ]; then
    say "fetching the libraries of arm64"
    rm -rf "$folder/apt" "$folder/root" && mkdir -p "$folder/apt/lists/partial" "$folder/apt/cache/archives/partial" "$folder/root"
    : >"$folder/apt/status"
    apt=(
      apt-get -qq
      -o "Dir::State::lists=$folder/apt/lists" -o "Dir::State::status=$folder/apt/status" -o "Dir::Cache=$folder/apt/cache"
      -o APT::Architecture=arm64 -o APT::Architectures=arm64 -o APT::Sandbox::User=root -o Acquire::Languages=none
    )
    (
      cd "$folder/apt" && "${apt[@]}" update && "${apt[@]}" download libc6 libgcc-s1 libssl3 zlib1g \
        && for package in *.deb; do dpkg -x "$package" ../root; done
    ) >"$artifacts/arm64.log" 2>&1 || {
      cat "$artifacts/arm64.log" >&2
      exit 1
    }
    rm -rf "$folder/apt"
  fi
  printf '#!/bin/sh\nexec qemu-aarch64 -L "%s/root" "%s/bootstrap"\n' "$folder" "$folder" >"$folder/emulated"
  chmod +x "$folder/emulated"
}
