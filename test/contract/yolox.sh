#!/usr/bin/env bash
# Proves the gateway in front of a real YOLOX that somebody else trained, in ONNX Runtime behind MLServer: see yolox.ts.
#
# The network finds characters in pictures; it comes in the package ddddocr (MIT, 76 MB). OIP_VENVS: see oip.sh, whose
# environment of MLServer gets ONNX Runtime and the package beside. What cannot be installed fails the check, unless
# ALLOW_NO_OIP_SERVER is set.
set -euo pipefail
cd "$(dirname "$0")/../.."

venv=${OIP_VENVS:-node_modules/.cache/oip-venvs}/mlserver
python=$venv/bin/python
network='ddddocr/common_det.onnx'

has() {
  [[ -x $python ]] && "$python" - "$network" <<'PYTHON' 2>/dev/null
import importlib.util, pathlib, sys, sysconfig
found = all(importlib.util.find_spec(name) for name in ('mlserver', 'onnxruntime'))
sys.exit(not (found and (pathlib.Path(sysconfig.get_path('purelib')) / sys.argv[1]).exists()))
PYTHON
}

install() {
  echo "installing ONNX Runtime and ddddocr into $venv"
  [[ -x $python ]] || python3 -m venv "$venv"
  local pip=("$venv/bin/pip" install --quiet --disable-pip-version-check)
  "${pip[@]}" mlserver==1.7.1 pillow==13.0.0 onnxruntime==1.23.2 &&
    # Of the package only the file of the network is wanted, not what its code needs.
    "${pip[@]}" --no-deps ddddocr==1.6.1
}

if ! has && ! { install && has; }; then
  echo '!!! MLServer, ONNX Runtime or ddddocr cannot be installed: a real YOLOX is NOT TESTED'
  [[ -n ${ALLOW_NO_OIP_SERVER:-} ]] || exit 1
  exit 0
fi
npm run -s compile

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
node --import tsx test/contract/yolox.ts "$work" "$venv" "$network"
