#!/usr/bin/env bash
# Proves on real TensorFlow that the exported demo model answers what the embedded server answers: see demo.py.
#
# DEMO_PHOTOS names a folder with further photos. CONTRACT_VENV: see venv.sh.
set -euo pipefail
cd "$(dirname "$0")/../.."
source test/contract/venv.sh
npm run -s compile

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
photos=(test/fixtures/*.jpg)
if [[ -n ${DEMO_PHOTOS:-} ]]; then
  mapfile -t -O "${#photos[@]}" photos < <(find -L "$DEMO_PHOTOS" -name '*.jpg' | sort)
fi
"$python" test/contract/demo.py "$work" "${photos[@]}"
