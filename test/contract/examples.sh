#!/usr/bin/env bash
# Runs every example against a gateway with the embedded model server, and looks for what must be found.
#
# The pages need a Chromium (CHROMIUM, else /usr/bin/chromium); ALLOW_NO_CHROMIUM=1 lets them be left out.
set -euo pipefail
cd "$(dirname "$0")/../.."
[ -f dist/client/client.js ] || npm run -s build

work=$(mktemp -d)
children=()
finish() {
  for child in "${children[@]}"; do kill "$child" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT

# listening LOG PATTERN: the address that a server says in its log.
listening() {
  for _ in $(seq 300); do
    grep -qE "$2" "$1" && { grep -oE "$2" "$1" | head -n 1; return; }
    sleep 0.2
  done
  cat "$1" >&2
  return 1
}

python3 -u -m http.server 0 --bind 127.0.0.1 >"$work/pages.log" 2>&1 &
children+=($!)
pages=http://localhost:$(listening "$work/pages.log" 'port [0-9]+' | cut -d ' ' -f 2)

PORT=0 HOST=127.0.0.1 CORS_ORIGINS=$pages node dist/server.js >"$work/gateway.log" 2>&1 &
children+=($!)
GATEWAY=$(listening "$work/gateway.log" 'http://(127\.0\.0\.1|localhost):[0-9]+')
export GATEWAY
photos=(test/fixtures/coffee.jpg test/fixtures/chelsea.jpg)

# expect NAME WORDS...: the output of an example, which has all of these.
expect() {
  local name=$1 words
  shift
  for words in "$@"; do
    grep -qE -- "$words" "$work/$name" || { cat "$work/$name"; echo "$name: no $words"; exit 1; }
  done
  echo "$name passed"
}

root=$PWD
(cd "$work" && bash "$root/examples/curl.sh" >"$work/curl.sh" 2>&1) || { cat "$work/curl.sh"; exit 1; }
expect curl.sh '"label":"cup"' '"filename":"chelsea.jpg"' ssdlite_mobilenet_v2_coco '"code":"invalid_parameter"'
node -e "process.exit(require('fs').readFileSync('$work/annotated.jpg').readUInt16BE(0) === 0xffd8 ? 0 : 1)"

# rejected NAME COMMAND...: its output goes to a file of that name; with a file that is no picture it must fail.
rejected() {
  if "${@:2}" "${photos[@]}" LICENSE >"$work/$1" 2>&1; then
    echo "$1: a file that is no picture did not fail"
    exit 1
  fi
}

rejected node.mjs node examples/node.mjs
expect node.mjs 'coffee.jpg: cup' 'chelsea.jpg: cat' 'LICENSE: .*no picture format'

# The command of README, which starts a gateway of its own.
node dist/cli.js detect "${photos[@]}" --format csv >"$work/detect" 2>&1 || { cat "$work/detect"; exit 1; }
expect detect 'coffee.jpg,600,400,cup,47,0.9' 'chelsea.jpg,451,300,cat,17,0.9'

venv=node_modules/.cache/examples-venv
"$venv/bin/python" -c 'import requests' 2>/dev/null || {
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check 'requests>=2.32,<3'
}
rejected detect.py "$venv/bin/python" examples/detect.py
expect detect.py 'coffee.jpg: 600 x 400' ' cup  0.9' ' cat  0.9' 'LICENSE: unsupported_media_type: .*\(request '

if [ -x "${CHROMIUM:-/usr/bin/chromium}" ]; then
  timeout 180 node --import ./scripts/typescript.js test/contract/examples-browser.ts "$GATEWAY" "$pages" "$work" \
    >"$work/pages" 2>&1 || { cat "$work/pages" "$work/gateway.log"; exit 1; }
  expect pages 'photo.html: Found cup' 'webcam.html: .*cup'
  [ -z "${EXAMPLES_SCREENSHOT:-}" ] || cp "$work/webcam.png" "$EXAMPLES_SCREENSHOT"
elif [ -n "${ALLOW_NO_CHROMIUM:-}" ]; then
  echo '!!! no Chromium: the example pages are NOT TESTED'
else
  echo 'no Chromium; CHROMIUM names one'
  exit 1
fi
