#!/usr/bin/env bash
# Proves the Open Inference Protocol against servers that were not written for it: see oip/wire.py and oip.ts.
#
# OIP_VENVS names the folder of the Python environments that Triton, MLServer and KServe are in, one each, or are
# installed into when they are missing (1.2 GB in all); by default one below node_modules/.cache. A server that cannot be
# installed fails the check, unless ALLOW_NO_OIP_SERVER is set: then the others are tried, and it is said.
set -euo pipefail
cd "$(dirname "$0")/../.."

venvs=${OIP_VENVS:-node_modules/.cache/oip-venvs}
# The wheel of Triton's Python front end carries the server itself, with the Python backend and without a GPU's needs.
declare -A packages=(
  [triton]=nvidia-pytriton==0.7.0
  [mlserver]=mlserver==1.7.1
  [kserve]=kserve==0.21.0
)
declare -A modules=([triton]=pytriton [mlserver]=mlserver [kserve]=kserve)

has() {
  "$venvs/$1/bin/python" -c "import importlib.util as u, sys
sys.exit(not all(u.find_spec(name) for name in ('${modules[$1]}', 'PIL')))" 2>/dev/null
}

install() {
  echo "installing ${packages[$1]} into $venvs/$1"
  python3 -m venv "$venvs/$1" &&
    "$venvs/$1/bin/pip" install --quiet --disable-pip-version-check "${packages[$1]}" pillow==13.0.0
}

servers=()
missing=()
for server in triton mlserver kserve; do
  if has "$server" || { install "$server" && has "$server"; }; then
    servers+=("$server=$venvs/$server")
  else
    echo "!!! ${packages[$server]} cannot be installed: the Open Inference Protocol of $server is NOT TESTED"
    missing+=("$server")
  fi
done
[[ ${#missing[@]} -eq 0 || -n ${ALLOW_NO_OIP_SERVER:-} ]] || exit 1
[[ ${#servers[@]} -gt 0 ]] || exit 0
npm run -s compile

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
bash scripts/protos.sh --descriptors "$work/descriptors.pb" inference
for server in "${servers[@]}"; do
  "${server#*=}/bin/python" test/contract/oip/wire.py "$work/descriptors.pb" "${server%%=*}"
done
node --import tsx test/contract/oip.ts "$work" "${servers[@]}"
