#!/usr/bin/env bash
# Proves on real TensorFlow that a training checkpoint is exported as the official exporter does it: see training.py.
#
# TRAINING_SAMPLES names a folder with really trained sets; without it the made-up ones are checked alone.
# CONTRACT_VENV: see venv.sh.
set -euo pipefail
cd "$(dirname "$0")/../.."
source test/contract/venv.sh

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$python" test/contract/training.py "$work" test/fixtures/*.jpg

# The example goes all the way: export, TensorFlow's serving, gateway, picture.
SERVER=python MIN_SCORE=0.05 examples/trained-to-boxes.sh "$work/training_0" test/fixtures/coffee.jpg "$work/boxes.png" |
  tee "$work/example"
grep -q '"label":"thing ' "$work/example"
[[ $(head -c 4 "$work/boxes.png" | tail -c 3) == PNG ]]
echo "ok     the example draws boxes"
