#!/usr/bin/env bash
# Proves the drop-in doors, and the answers for labelling tools, with clients that were not written for them: see doors.py.
#
# DOORS_VENV names the Python environment that these clients are in, or are installed into when one is missing (about
# 400 MB, OpenCV among it); by default one below node_modules/.cache.
set -euo pipefail
cd "$(dirname "$0")/../.."

venv=${DOORS_VENV:-node_modules/.cache/doors-venv}
clients=(pydoods==1.0.2 deepstack-sdk==0.2.1 deepstack-python==0.9 'tritonclient[http]==2.73.0' pycocotools==2.0.11)
if ! "$venv/bin/python" -c 'import deepstack.core, deepstack_sdk, pycocotools.coco, pydoods, tritonclient.http' 2>/dev/null; then
  echo "installing ${clients[*]} into $venv"
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check "${clients[@]}"
fi
npm run -s compile
"$venv/bin/python" test/contract/doors.py test/fixtures/astronaut.jpg test/fixtures/chelsea.jpg
