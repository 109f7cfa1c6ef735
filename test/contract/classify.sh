#!/usr/bin/env bash
# Proves that the gateway in front of real TensorFlow says of images what TensorFlow says: see classify.py.
#
# CONTRACT_VENV: see venv.sh.
set -euo pipefail
cd "$(dirname "$0")/../.."
source test/contract/venv.sh
npm run -s compile

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$python" test/contract/classify.py "$work"
