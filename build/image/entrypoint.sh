#!/bin/sh
# Replaces the entry point of AWS's base image (github.com/aws/aws-lambda-base-images), which starts the runtime behind an emulator outside
# Lambda. This one has no emulator: its caller provides a Runtime API.
[ $# -eq 1 ] || {
  echo "entrypoint requires the handler name to be the first argument" >&2
  exit 142
}
[ -n "${AWS_LAMBDA_RUNTIME_API:-}" ] || {
  echo "AWS_LAMBDA_RUNTIME_API is not set, and this entry point has no emulator" >&2
  exit 1
}
export _HANDLER="$1"
exec /var/runtime/bootstrap
