# Sourced by peers.sh: hello in Rust, with the newest compiler and the newest crates of Debian. The machine's own linker makes a program
# that runs on the machine's C library.
build_rust() (
  folder=$peers/rust
  unpack_debian "$folder/root" rustc cargo librust-tokio-dev librust-hyper-dev librust-hyper-util-dev librust-serde-json-dev \
    librust-http-body-util-dev
  # Compiler and cargo need the C library of their own Debian.
  loader=$(echo "$folder"/root/usr/lib*/ld-linux-*.so.*)
  libraries=$(dirname "$(echo "$folder"/root/usr/lib/*/libc.so.6)")
  for program in rustc cargo; do
    printf '#!/bin/sh\nexec "%s" --library-path "%s" "%s" "$@"\n' "$loader" "$libraries" "$folder/root/usr/bin/$program" >"$folder/$program"
    chmod +x "$folder/$program"
  done
  mkdir -p "$folder/home"
  printf '[source.crates-io]\nreplace-with = "debian"\n[source.debian]\ndirectory = "%s"\n' "$folder/root/usr/share/cargo/registry" \
    >"$folder/home/config.toml"
  rm -rf "$folder/hello.src"
  cp -rp build/coldstart/peers/rust "$folder/hello.src"
  cd "$folder/hello.src"
  CARGO_HOME=$folder/home RUSTC=$folder/rustc RUSTFLAGS= CARGO_TARGET_DIR=$folder/target "$folder/cargo" build --release --offline --quiet \
    --config "target.$(uname -m)-unknown-linux-gnu.linker=\"$linker\""
  cp "$folder/target/release/hello" "$folder/hello"
)

versions_of_rust() {
  version Rust "$(debian_version "$peers/rust/root" rustc)"
  local crate
  for crate in tokio hyper hyper-util serde-json; do
    version "crate $crate" "$(debian_version "$peers/rust/root" "librust-$crate-dev")"
  done
}

candidates_of_rust() {
  hello "Rust, tokio and hyper, as lambda_runtime uses them" artifacts/coldstart-peers/rust/hello
}
