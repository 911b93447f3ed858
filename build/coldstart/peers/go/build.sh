# Sourced by peers.sh: hello and tag in Go, with the newest Go and the newest aws-sdk-go-v2 of Debian.
build_go() (
  folder=$peers/go
  unpack_debian "$folder/root" golang-go -- golang-github-aws-aws-sdk-go-v2-dev golang-github-aws-smithy-go-dev \
    golang-github-jmespath-go-jmespath-dev
  GOROOT=$(echo "$folder"/root/usr/lib/go-1.*)
  export GOROOT GOPATH=$root/build/coldstart/peers/go:$folder/root/usr/share/gocode GOCACHE=$folder/cache
  export GO111MODULE=off CGO_ENABLED=0 GOTOOLCHAIN=local GOFLAGS=
  for name in hello tag; do
    "$GOROOT/bin/go" build -trimpath -ldflags "-s -w" -o "$folder/$name" "peers/$name"
  done
)

versions_of_go() {
  version Go "$(debian_version "$peers/go/root" 'golang-1\.[0-9]*-go')"
  version aws-sdk-go-v2 "$(debian_version "$peers/go/root" golang-github-aws-aws-sdk-go-v2-dev)"
}

candidates_of_go() {
  hello "Go, net/http" artifacts/coldstart-peers/go/hello
  tag "Go, aws-sdk-go-v2" artifacts/coldstart-peers/go/tag
}
