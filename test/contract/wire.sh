#!/usr/bin/env bash
# Proves the wire contract against TensorFlow's own classes: see wire.py.
#
# CONTRACT_VENV: see venv.sh.
set -euo pipefail
cd "$(dirname "$0")/../.."
source test/contract/venv.sh

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
bash scripts/protos.sh --descriptors "$work/descriptors.pb"
"$python" test/contract/wire.py "$work/descriptors.pb" \
  node --import tsx test/contract/wire.ts
