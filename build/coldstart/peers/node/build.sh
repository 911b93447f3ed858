# Sourced by peers.sh: hello and tag in JavaScript, each bundled into one file, and Node.js as its project builds it. npm has all of it.
build_node() (
  folder=$peers/node
  mkdir -p "$folder"
  if ! cmp -s build/coldstart/peers/node/package-lock.json "$folder/installed.json"; then
    cp build/coldstart/peers/node/package*.json "$folder/"
    # No package may run a program of its own while it is installed.
    (cd "$folder" && npm ci --silent --ignore-scripts --no-audit --no-fund)
    cp "$folder/package-lock.json" "$folder/installed.json"
  fi
  ln -sfn "$(cd "$folder" && echo node_modules/node-linux-*/bin/node)" "$folder/node"
  cp build/coldstart/peers/node/*.mjs "$folder/"
  cd "$folder"
  for name in hello tag; do
    # Parts of the SDK are CommonJS, which wants a function named require.
    node_modules/.bin/esbuild $name.mjs --bundle --minify --platform=node --target=node24 --format=esm --log-level=error \
      --banner:js="import{createRequire}from'module';const require=createRequire(import.meta.url);" --outfile=bundle/$name.mjs
  done
  ./node --version
)

versions_of_node() {
  version Node.js "$("$peers/node/node" --version)"
  local package
  for package in @aws-sdk/client-ec2 esbuild; do
    version "$package" "$(sed -n 's/^  "version": "\([^"]*\)".*/\1/p' "$peers/node/node_modules/$package/package.json")"
  done
}

candidates_of_node() {
  hello "Node.js" artifacts/coldstart-peers/node/node artifacts/coldstart-peers/node/bundle/hello.mjs
  tag "Node.js, AWS SDK v3" artifacts/coldstart-peers/node/node artifacts/coldstart-peers/node/bundle/tag.mjs
}
