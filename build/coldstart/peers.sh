#!/usr/bin/env bash
# Compares FastTrigger with functions in Go, JavaScript and Python: build/coldstart/peers.sh [COUNT]. All get the same RunInstances event
# and make one CreateTags call to the same local EC2. They use the AWS SDKs of this distribution's packages and of npm, in minimal runtime
# loops. Results go to build/results/PROCESSOR/peers.{md,json}.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../environment.sh"
count=${1:-30}
need go golang-go
need curl curl
need node nodejs
need npm npm
[ -d /usr/share/gocode/src/github.com/aws/aws-sdk-go-v2 ] || install golang-github-aws-aws-sdk-go-v2-dev
[ -d /usr/lib/python3/dist-packages/boto3 ] || install python3-boto3
[ -x artifacts/bootstrap ] && [ -x artifacts/fasttrigger ] && [ -x artifacts/coldstart-floor ] || build/build.sh

peers=$artifacts/peers
mkdir -p "$peers/node"
GO111MODULE=off GOPATH=/usr/share/gocode GOCACHE="$peers/go-cache" \
  go build -trimpath -ldflags "-s -w" -o "$peers/go" build/coldstart/peers/go/main.go
cp build/coldstart/peers/node/package.json build/coldstart/peers/node/index.mjs "$peers/node/"
(
  cd "$peers/node"
  npm install --no-audit --no-fund --silent >/dev/null
  node_modules/.bin/esbuild index.mjs --bundle --minify --platform=node --target=node18 --format=esm --log-level=error \
    --banner:js="import{createRequire}from'module';const require=createRequire(import.meta.url);" --outfile=bundle.mjs
)

artifacts/fasttrigger coldstart --event build/demo/launch.json --routes build/coldstart/tag-routes.json --count "$count" \
  --memory 128,512,1769 --warm 100 --out artifacts/coldstart/peers \
  --compare "Go, aws-sdk-go-v2=artifacts/peers/go" \
  --compare "Node.js, AWS SDK v3=node artifacts/peers/node/bundle.mjs" \
  --compare "Python, boto3=/usr/bin/python3 build/coldstart/peers/python/bootstrap.py" \
  --program 'curl=curl -s -o /dev/null --cacert {ca} --data Action=CreateTags {url}/'

results=$(results_folder)
mkdir -p "$results"
{
  cat artifacts/coldstart/peers/report.md
  echo
  client_ec2=$(sed -n 's/.*client-ec2": "\([^"]*\)".*/\1/p' build/coldstart/peers/node/package.json)
  echo "Versions: $(go version | cut -d' ' -f3), aws-sdk-go-v2 $(dpkg-query -W -f '${Version}' golang-github-aws-aws-sdk-go-v2-dev);" \
    "node $(node --version), @aws-sdk/client-ec2 $client_ec2;"
  echo "$(/usr/bin/python3 --version), boto3 $(dpkg-query -W -f '${Version}' python3-boto3)." \
    "Distribution packages are older, and often smaller, than current versions."
} >"$results/peers.md"
cp artifacts/coldstart/peers/report.json "$results/peers.json"
say "$results has the results"
