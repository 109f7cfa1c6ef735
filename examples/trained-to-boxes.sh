#!/usr/bin/env bash
# From the folder of a training to boxes on a photo, in one go:
#
#   examples/trained-to-boxes.sh TRAINING_DIR PHOTO [PICTURE]
#
# TRAINING_DIR holds what the Object Detection API's trainer left: checkpoint, model.ckpt-N.meta, .index and .data-*, and
# pipeline.config; a label map beside them gives names. The newest checkpoint is exported into a model repository of its
# own, TensorFlow Serving serves it, the gateway stands in front, and PHOTO comes back as JSON and with its boxes drawn
# (boxes.png unless PICTURE is named).
#
# MIN_SCORE    lowest score that is shown (0.3)
# SERVER       docker: the image tensorflow/serving; python: TensorFlow in the environment of the contract checks
#              (CONTRACT_VENV, made when it is missing). Docker unless it does not answer.
# SERVER_PORT, GATEWAY_PORT   on 127.0.0.1 (18500, 18080)
set -euo pipefail

if [[ $# -lt 2 || $# -gt 3 ]]; then
  sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//;p}' "$0"
  exit 2
fi
training=$(realpath "$1")
photo=$(realpath "$2")
picture=$(realpath -m "${3:-boxes.png}")
server_port=${SERVER_PORT:-18500}
gateway_port=${GATEWAY_PORT:-18080}
cd "$(dirname "$0")/.."

work=$(mktemp -d)
pids=()
container=
finish() {
  [[ ${#pids[@]} -eq 0 ]] || kill "${pids[@]}" 2>/dev/null || true
  [[ -z $container ]] || docker stop --time 2 "$container" >/dev/null
  wait
  rm -rf "$work"
}
trap finish EXIT

# await SECONDS COMMAND...: waits until a command succeeds.
await() {
  local end=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    if ((SECONDS >= end)); then
      echo "Gave up waiting for: $*" >&2
      tail -n 20 "$work"/*.log >&2
      return 1
    fi
    sleep 0.5
  done
}

npm run -s compile
node dist/cli.js export "$training" --name trained --repository "$work/models" --warmup "$photo" | sed '/^Serve it/,$d'

chmod -R a+rX "$work"
if [[ ${SERVER:-docker} == docker ]] && docker info >/dev/null 2>&1; then
  container=$(docker run --detach --rm --publish "127.0.0.1:$server_port:8500" --volume "$work/models:/models:ro" \
    tensorflow/serving --model_config_file=/models/models.config)
else
  source test/contract/venv.sh
  "$python" test/contract/serving.py "$work/models" --port "$server_port" >"$work/server.log" 2>&1 &
  pids+=($!)
fi

HOST=127.0.0.1 PORT=$gateway_port TF_SERVING_TARGET=127.0.0.1:$server_port MODEL_REPOSITORY=$work/models \
  DEFAULT_MODEL=trained node dist/server.js >"$work/gateway.log" 2>&1 &
pids+=($!)
gateway=http://127.0.0.1:$gateway_port
await 180 curl --fail --silent "$gateway/readyz"

ask() { curl --fail-with-body --silent --show-error -F "image=@$photo" -F "min_score=${MIN_SCORE:-0.3}" "$@"; }
echo
ask "$gateway/v1/detect"
echo
ask "$gateway/v1/detect?format=png" --output "$picture"
echo "Boxes are drawn in $picture"
