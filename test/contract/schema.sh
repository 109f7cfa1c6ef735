#!/usr/bin/env bash
# Sends a gateway what openapi.yaml allows and what it forbids, made up by schemathesis, and checks every answer against it.
#
# SCHEMA_SECONDS: how long requests are made up for (20). SCHEMA_SEED: where they start (1). SCHEMA_VENV names the Python environment
# that schemathesis is in, or is installed into when it is missing; by default one below node_modules/.cache.
set -euo pipefail
cd "$(dirname "$0")/../.."
root=$PWD

version=4.32.5
venv=$(realpath -m "${SCHEMA_VENV:-node_modules/.cache/schema-venv}")
if ! "$venv/bin/schemathesis" --version 2>/dev/null | grep -q "$version"; then
  echo "installing schemathesis $version into $venv"
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check "schemathesis==$version"
fi
npm run -s compile

work=$(mktemp -d)
trap 'kill "${gateway:-}" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$work"' EXIT
COMPAT=deepstack,doods,max,tfserving,oip NODE_ENV=production PORT=0 HOST=127.0.0.1 LOG_LEVEL=info node dist/server.js >"$work/log" 2>&1 &
gateway=$!
url=
for _ in $(seq 100); do
  url=$(grep -o 'http://127.0.0.1:[0-9]*' "$work/log" | head -n 1) || true
  [[ -n $url ]] && curl --silent --fail --output /dev/null "$url/readyz" && break
  sleep 0.2
done

# It keeps what it found in the folder that it is run in.
cd "$work"
"$venv/bin/schemathesis" --config-file "$root/test/contract/schemathesis.toml" run "$root/openapi.yaml" --url "$url" --no-color --workers 1 \
  --seed "${SCHEMA_SEED:-1}" --max-time "${SCHEMA_SECONDS:-20}" --phases examples,coverage,fuzzing \
  --suppress-health-check all --request-timeout 20

# The answer to a batch is 200 whatever became of its images.
if grep '"statusCode":500' "$work/log"; then
  echo 'the gateway failed by itself: see above'
  exit 1
fi
