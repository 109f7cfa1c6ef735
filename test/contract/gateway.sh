#!/usr/bin/env bash
# Proves that the gateway in front of real TensorFlow answers what TensorFlow answers: see gateway.py.
#
# CONTRACT_VENV: see venv.sh.
set -euo pipefail
cd "$(dirname "$0")/../.."
source test/contract/venv.sh
npm run -s compile

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$python" test/contract/gateway.py "$work" test/fixtures/*.jpg
