# Sourced by peers.sh: the newest packages that Debian has, unpacked into folders of their own. None is installed.
debian=$peers/debian

# open_debian: fetches the package lists of newer suites than this machine's, from its own mirror.
open_debian() {
  [ -e "$debian/opened" ] && return
  command -v apt-get >/dev/null || { say "this machine has no apt"; return 1; }
  local mirror suite
  mirror=$(apt-get indextargets --format '$(ORIGIN)|$(LABEL)|$(REPO_URI)' 'Created-By: Packages' | sed -n 's/^Debian|Debian|//p' | head -1)
  [ -n "$mirror" ] || { say "apt names no mirror of Debian; run apt-get update"; return 1; }
  rm -rf "$debian" && mkdir -p "$debian/lists/partial" "$debian/none"
  : >"$debian/status"
  for suite in sid trixie-backports trixie; do
    echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $suite main"
  done >"$debian/sources.list"
  # A backport counts as much as any other version. The newest one wins.
  printf 'Package: *\nPin: release a=*-backports\nPin-Priority: 500\n' >"$debian/preferences"
  apt_of_debian "$debian/cache" -qq update && : >"$debian/opened"
}

# apt_of_debian CACHE ARGUMENT ...: apt-get with those lists, for a machine without any package.
apt_of_debian() {
  mkdir -p "$1/archives/partial"
  apt-get -o Dir::State::lists="$debian/lists" -o Dir::State::status="$debian/status" -o Dir::Cache="$1" \
    -o Dir::Etc::sourcelist="$debian/sources.list" -o Dir::Etc::sourceparts="$debian/none" -o Dir::Etc::preferences="$debian/preferences" \
    -o Dir::Etc::preferencesparts="$debian/none" -o APT::Sandbox::User=root -o Acquire::Languages=none "${@:2}"
}

# unpack_debian FOLDER PACKAGE ... [-- PACKAGE ...]: unpacks packages with all that they depend on, and those after -- alone. The versions
# are in FOLDER/packages.txt. What is there stays, until somebody deletes it.
unpack_debian() (
  folder=$1
  shift
  [ ! -e "$folder/packages.txt" ] || exit 0
  open_debian || exit 1
  complete=()
  while [ $# -gt 0 ] && [ "$1" != -- ]; do
    complete+=("$1")
    shift
  done
  shift || true
  rm -rf "$folder" "$folder.cache"
  apt_of_debian "$folder.cache" install -qq -y --no-install-recommends --download-only "${complete[@]}" || exit 1
  cd "$folder.cache/archives"
  [ $# = 0 ] || apt_of_debian "$folder.cache" -qq download "$@" || exit 1
  mkdir -p "$folder"
  for package in *.deb; do dpkg -x "$package" "$folder" || exit 1; done
  for package in *.deb; do dpkg-deb -W --showformat '${Package} ${Version}\n' "$package"; done >"$folder.txt"
  rm -rf "$folder.cache"
  mv "$folder.txt" "$folder/packages.txt"
)

# debian_version FOLDER PACKAGE: the version of a package that was unpacked there.
debian_version() { sed -n "s/^$2 //p" "$1/packages.txt"; }
