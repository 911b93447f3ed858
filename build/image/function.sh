#!/usr/bin/env bash
# A function's process for `fasttrigger run --bootstrap`: the image's entry point, in chroot isolation, with the environment that a function has and the
# routes that are in the image.
set -euo pipefail
container=$(cat "$(dirname "${BASH_SOURCE[0]}")/../../artifacts/image/container")
arguments=()
while IFS= read -r name; do
  case $name in
    # What the image says itself, and what is the machine's.
    FASTTRIGGER_ROUTES | LAMBDA_TASK_ROOT | PATH | HOME | PWD | OLDPWD | SHLVL | _ | CONTAINERS_* | XDG_*) ;;
    *) arguments+=(--env "$name=${!name}") ;;
  esac
done < <(compgen -e)
# The local servers' own authority.
[ -z "${AWS_CA_BUNDLE:-}" ] || arguments+=(--volume "$AWS_CA_BUNDLE:$AWS_CA_BUNDLE:ro")
exec buildah run --isolation chroot "${arguments[@]}" "$container" -- /lambda-entrypoint.sh bootstrap
