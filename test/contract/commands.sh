#!/usr/bin/env bash
# Proves the commands around a model repository on real TensorFlow: see commands.py.
#
# CONTRACT_VENV: see venv.sh.
set -euo pipefail
cd "$(dirname "$0")/../.."
source test/contract/venv.sh
npm run -s compile

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$python" test/contract/commands.py "$work" test/fixtures/*.jpg
