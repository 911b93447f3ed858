# Sourced by peers.sh: hello and tag in Python, with the newest Python and the newest boto3 of Debian.
build_python() (
  folder=$peers/python
  unpack_debian "$folder/root" python3 python3-boto3
  need patchelf patchelf
  python=$(echo "$folder"/root/usr/bin/python3.[0-9]*[0-9])
  # Python needs the C library of its own Debian. The extensions that it loads look for libraries where the program says.
  patchelf --set-interpreter "$(echo "$folder"/root/usr/lib*/ld-linux-*.so.*)" --force-rpath \
    --set-rpath "$(dirname "$(echo "$folder"/root/usr/lib/*/libc.so.6)")" --output "$folder/root/usr/bin/python" "$python"
  cp build/coldstart/peers/python/*.py "$folder/"
  # What Debian does when it installs a package. Else each start would compile all that it imports.
  "$folder/root/usr/bin/python" -m compileall -q -x '/(test|tests|lib2to3)/' "$folder"/root/usr/lib/python3* "$folder"/*.py || true
  "$folder/root/usr/bin/python" -c 'import boto3, sys; print(sys.version, boto3.__file__)'
)

versions_of_python() {
  version Python "$("$peers/python/root/usr/bin/python" --version | cut -d' ' -f2)"
  local package
  for package in boto3 botocore; do
    version "$package" "$(debian_version "$peers/python/root" "python3-$package")"
  done
}

candidates_of_python() {
  hello "Python" artifacts/coldstart-peers/python/root/usr/bin/python artifacts/coldstart-peers/python/hello.py
  tag "Python, boto3" artifacts/coldstart-peers/python/root/usr/bin/python artifacts/coldstart-peers/python/tag.py
}
