#!/usr/bin/env bash
# The process of a function for `fasttrigger run --bootstrap`: the image's entry point in chroot isolation, with the environment of a
# function and the routes of the image.
set -euo pipefail
read -r container entrypoint <"$(dirname "${BASH_SOURCE[0]}")/../../artifacts/image/container"
arguments=()
while IFS= read -r name; do
  case $name in
    # The image sets these variables, or they belong to the machine.
    FASTTRIGGER_ROUTES | LAMBDA_TASK_ROOT | PATH | HOME | PWD | OLDPWD | SHLVL | _ | CONTAINERS_* | XDG_*) ;;
    *) arguments+=(--env "$name=${!name}") ;;
  esac
done < <(compgen -e)
# The CA file of the local servers.
[ -z "${AWS_CA_BUNDLE:-}" ] || arguments+=(--volume "$AWS_CA_BUNDLE:$AWS_CA_BUNDLE:ro")
exec buildah run --isolation chroot "${arguments[@]}" "$container" -- $entrypoint
