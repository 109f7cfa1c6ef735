#!/usr/bin/env bash
# Proves on real TensorFlow that what is exported is what went in: see export.py.
#
# EXPORT_SAMPLES names a folder with further models: frozen graphs, checkpoints, SavedModels.
# CONTRACT_VENV: see venv.sh.
set -euo pipefail
cd "$(dirname "$0")/../.."
source test/contract/venv.sh

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$python" test/contract/export.py "$work" test/fixtures/*.jpg
