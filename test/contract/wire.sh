#!/usr/bin/env bash
# Proves the wire contract against TensorFlow's own classes: see wire.py.
#
# CONTRACT_VENV names the Python environment that TensorFlow is in, or is installed into when it is
# missing (about 1.5 GB); by default one below node_modules/.cache.
set -euo pipefail
cd "$(dirname "$0")/../.."

venv=${CONTRACT_VENV:-node_modules/.cache/contract-venv}
version=2.21.0

installed() {
  [[ -x $venv/bin/python ]] && "$venv/bin/python" - <<'PYTHON' 2>/dev/null
import importlib.util, sys
sys.exit(not all(importlib.util.find_spec(name) for name in ('tensorflow', 'tensorflow_serving')))
PYTHON
}

if ! installed; then
  echo "wire: installing TensorFlow $version into $venv"
  python3 -m venv "$venv"
  pip=("$venv/bin/pip" install --quiet --disable-pip-version-check)
  # Some platforms have the CPU build under the plain name only.
  "${pip[@]}" "tensorflow-cpu==$version" || "${pip[@]}" "tensorflow==$version"
  # Its own dependency is the GPU build; it needs nothing that TensorFlow has not brought.
  "${pip[@]}" --no-deps "tensorflow-serving-api==$version"
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
bash scripts/protos.sh --descriptors "$work/descriptors.pb"
"$venv/bin/python" test/contract/wire.py "$work/descriptors.pb" \
  node --import tsx test/contract/wire.ts
