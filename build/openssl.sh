# Sourced by publish.sh: the OpenSSL that a static link takes in.

# What a client of TLS 1.2 and 1.3 does not need, and one file that reads no configuration. DES is in old PKCS#12 files only, which nothing
# reads here. The directory is that of Amazon Linux 2023, where the system's certificates are looked for first.
openssl_options=(
  no-shared no-pic no-dso no-module no-engine no-dynamic-engine no-static-engine no-afalgeng no-loadereng no-padlockeng no-capieng
  no-devcryptoeng no-autoload-config no-deprecated no-legacy no-tests no-makedepend no-filenames no-ui-console no-async no-secure-memory
  no-ssl3 no-tls1 no-tls1_1 no-dtls no-srtp no-sctp no-ktls no-nextprotoneg no-srp no-psk no-comp no-ssl-trace no-weak-ssl-ciphers
  no-ct no-ocsp no-cms no-ts no-cmp no-rfc3779 no-gost no-egd
  no-camellia no-aria no-seed no-idea no-bf no-cast no-des no-rc2 no-rc4 no-md4 no-mdc2 no-rmd160 no-whirlpool no-sm2 no-sm3 no-sm4
  no-dsa no-ec2m no-scrypt no-siphash no-blake2 no-siv no-ocb no-cmac no-multiblock
  --openssldir=/etc/pki/tls
)
# Debian's hardening, and a security level of 2 by default (112 bits). Without position independence, and without tables to unwind C.
openssl_flags="-O2 -fno-pie -ffunction-sections -fdata-sections -fno-unwind-tables -fno-asynchronous-unwind-tables"
openssl_flags+=" -fstack-protector-strong -Wformat -Werror=format-security -D_FORTIFY_SOURCE=2 -DOPENSSL_TLS_SECURITY_LEVEL=2"

# private_apt FOLDER ARCH: sets apt to the options of a package database in FOLDER, which leaves the system's alone.
private_apt() {
  mkdir -p "$1/lists/partial" "$1/cache/archives/partial"
  : >"$1/status"
  apt=(
    -qq -o "Dir::State::lists=$1/lists" -o "Dir::State::status=$1/status" -o "Dir::Cache=$1/cache"
    -o "APT::Architecture=$2" -o "APT::Architectures=$2" -o APT::Sandbox::User=root -o Acquire::Languages=none
  )
}

# unpack_packages ARCH FOLDER PACKAGE...: unpacks Debian's packages of an architecture into a folder. Nothing is installed.
unpack_packages() (
  folder=$2
  private_apt "$folder.apt" "$1"
  shift 2
  cd "$folder.apt"
  apt-get "${apt[@]}" update && apt-get "${apt[@]}" download "$@" || exit 1
  mkdir -p "$folder"
  for package in *.deb; do dpkg -x "$package" "$folder"; done
  dpkg-deb -f "$package" Version >"$folder.version"
  rm -rf "$folder.apt"
)

# openssl_sources FOLDER: sets apt for the sources of this machine's repositories. FOLDER/versions has those of OpenSSL, newest first.
openssl_sources() {
  apt-get indextargets --format 'deb-src $(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' | sort -u >"$1/sources.list"
  private_apt "$1/apt" "$(dpkg --print-architecture)"
  apt+=(-o "Dir::Etc::sourcelist=$1/sources.list" -o Dir::Etc::sourceparts=/dev/null)
  apt-get "${apt[@]}" update >&2
  apt-cache "${apt[@]}" showsrc openssl | sed -n 's/^Version: //p' | sort -ruV >"$1/versions"
}

# compile_openssl FOLDER ARCH: compiles the newest source that can be had, with Debian's patches. apt checks its signature.
compile_openssl() (
  cd "$1" || exit 1
  local version source target=linux-x86_64 cross=
  openssl_sources "$1" || exit 1
  while read -r version; do
    ! apt-get "${apt[@]}" source "openssl=$version" || break
    echo "there is no source of OpenSSL $version"
  done <versions
  source=$(find "$1" -maxdepth 1 -type d -name 'openssl-*')
  [ -n "$source" ] && cd "$source" || exit 1
  [ "$2" != arm64 ] || target=linux-aarch64
  [ "$2" = "$architecture" ] || cross=${linker%gcc}
  CC=${linker#"$cross"} CFLAGS=$openssl_flags ./Configure "$target" "${openssl_options[@]}" ${cross:+"--cross-compile-prefix=$cross"} \
    && make -j"$(nproc)" build_libs && mv libssl.a libcrypto.a "$1/" && echo "$version" >"$1/version"
)

# take_openssl FOLDER ARCH: takes the static libraries of Debian's own packages. They are complete, so larger, and slower to set up.
take_openssl() (
  unpack_packages "$2" "$1/package" libssl-dev || exit 1
  find "$1/package" -name 'lib*.a' -exec mv {} "$1/" \;
  cat "$1/package.version" >"$1/version"
)

# static_openssl ARCH: sets openssl to a folder with libssl.a, libcrypto.a and linked.json, which has the versions; to nothing where they
# cannot be had. The folder is kept for other builds. After a day the newest version is compiled again.
static_openssl() {
  local libc key work log=$artifacts/openssl.log cache=${XDG_CACHE_HOME:-${HOME:-$artifacts}/.cache}/fasttrigger
  openssl=
  if ! command -v apt-get >/dev/null || ! echo 'int main(void) { return 0; }' | "$linker" -static -x c -o /dev/null - 2>/dev/null; then
    say "the function is linked to the system's libraries: a static link needs Debian's packages and a static C library"
    return
  fi
  libc=libc6-dev
  [ "$1" = "$architecture" ] || libc=libc6-dev-$1-cross
  libc=$(dpkg-query -W -f '${Version}' "$libc" 2>/dev/null || echo unknown)
  key=$({ echo "${openssl_options[*]} $openssl_flags $libc" && "$linker" --version; } | sha256sum | cut -c1-12)
  openssl=$cache/openssl-$1-$key
  [ -z "$(find "$openssl/linked.json" -mtime -1 2>/dev/null)" ] || return 0
  need dpkg-source dpkg-dev
  need make make
  need perl perl
  say "compiling OpenSSL for $1 (about a minute, once a day)"
  mkdir -p "$cache"
  work=$(mktemp -d "$cache/building-XXXXXX")
  if compile_openssl "$work" "$1" >"$log" 2>&1; then
    [ "$(head -n 1 "$work/versions")" = "$(cat "$work/version")" ] \
      || say "OpenSSL $(cat "$work/version") is linked in: the source of $(head -n 1 "$work/versions") cannot be had"
  elif [ -e "$openssl/linked.json" ]; then
    say "OpenSSL of an earlier day is linked in: no newer one can be had ($log)"
    rm -rf "$work"
    return
  elif take_openssl "$work" "$1" >>"$log" 2>&1; then
    say "OpenSSL could not be compiled ($log): the libraries of Debian's libssl-dev are linked in, which are larger and slower"
  else
    say "the function is linked to the system's libraries: no static OpenSSL can be had ($log)"
    rm -rf "$work"
    openssl=
    return
  fi
  printf '{"openssl":"%s","glibc":"%s"}\n' "$(cat "$work/version")" "$libc" >"$work/linked.json"
  find "$work" -mindepth 1 -maxdepth 1 ! -name 'lib*.a' ! -name linked.json -exec rm -rf {} +
  # Another build may have made it meanwhile.
  rm -rf "$openssl"
  mv -T "$work" "$openssl" 2>/dev/null || rm -rf "$work"
}
