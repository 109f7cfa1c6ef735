#!/usr/bin/env bash
# Several gateways behind the proxy, and several model servers behind those: starts two and two, then adds and removes
# replicas of both while uploads go on without a pause. Every replica must take load soon after it is there, and each
# upload must be answered. The model server is the embedded one. One line a check.
#
# Needs what run.sh needs, but for TensorFlow. PROXY_IMAGE=haproxy:3.2 has it take the real image.
set -uo pipefail
cd "$(dirname "$0")/../.."

export COMPOSE_PROJECT_NAME=gateway-scale-$$
export GATEWAY_IMAGE=gateway-scale-test
export MODEL_VOLUME=models
export DEFAULT_MODEL=ssdlite_mobilenet_v2_coco
export COMPOSE_FILE=docker-compose.yml:docker-compose.embedded.yml:docker-compose.scale.yml
export UPSTREAM_DNS_INTERVAL_MS=2000
# Each gateway gets a free port of its own.
export GATEWAY_PORT=127.0.0.1:
unset COMPOSE_PROFILES COMPOSE_PATH_SEPARATOR MODEL_USER TRUSTED_PROXIES
stand_in=$GATEWAY_IMAGE-proxy:stand-in

cleanup() {
  trap - EXIT INT TERM
  stop_load
  "${compose[@]}" down --volumes --remove-orphans --timeout 5 >/dev/null 2>&1
  # Their layers stay as the next build's cache.
  docker rmi --no-prune "$GATEWAY_IMAGE:latest" "$GATEWAY_IMAGE:demo" "$stand_in" >/dev/null 2>&1
  rm -rf "$work"
}

build_proxy() {
  export PROXY_IMAGE=$stand_in
  docker build --quiet --tag "$stand_in" test/containers/proxy
}

replicas() { "${compose[@]}" ps --quiet "$1"; }

# scale GATEWAYS SERVINGS
scale() {
  "${compose[@]}" up --detach --no-build --no-recreate --scale gateway="$1" --scale serving="$2"
}

# Keeps four uploads under way until stop_load, and writes a line with the status of each.
start_load() {
  : >"$work/answers"
  touch "$work/go-on"
  local sender
  for sender in 1 2 3 4; do
    while [[ -e $work/go-on ]]; do
      curl --silent --output "$work/answer-$sender" --write-out '%{http_code}\n' --max-time 30 \
        --form "image=@$fixtures/chelsea.jpg" "$url/v1/detect" >"$work/status-$sender"
      [[ $(<"$work/status-$sender") == 200 ]] || { date +%T; cat "$work/answer-$sender"; } >>"$work/refusals"
      cat "$work/status-$sender" >>"$work/answers"
    done &
  done
}

stop_load() {
  rm -f "$work/go-on"
  wait
}

# Ends the load and tells what was answered.
all_were_answered() {
  stop_load
  "${compose[@]}" logs --no-color --tail 8 proxy
  sort "$work/answers" | uniq -c
  [[ ! -e $work/refusals ]] || head -c 2000 "$work/refusals"
  [[ $(sort -u "$work/answers") == 200 ]]
}

answered() { wc -l <"$work/answers"; }

answers_more() { (($(answered) >= $1)); }

has_received() { (($(received_bytes "$1") >= $2)); }

# takes_load CONTAINER...: each receives three photos' worth soon; half a minute is for machines that are busy. A photo is
# 240 kB of an upload to a gateway, and 270 kB of pixels to a model server; the proxy's questions and a handshake are a
# few kB.
takes_load() {
  local replica bytes
  for replica in "$@"; do
    bytes=$(received_bytes "$replica")
    within 30 has_received "$replica" $((bytes + 600000)) || return
  done
}

# Those of the first list that are not in the second.
added() { comm -13 <(sort <<<"$2") <(sort <<<"$1"); }

# The new replica that takes part in the load, and how long after its start that was.
joins() {
  local started=$EPOCHREALTIME
  takes_load "$1" && echo "# after $(awk -v a="$started" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.1f", b - a }') s"
}

# label PART: what a pod of the chart's Job runs: a part of the photos, into a file, on a read-only file system.
label() {
  docker run --rm --read-only --cap-drop ALL --network "${COMPOSE_PROJECT_NAME}_default" \
    --volume "$PWD/$fixtures:/photos:ro" --volume "$work/results:/results" "$GATEWAY_IMAGE:latest" \
    detect /photos "--shard=$1/2" "--output=/results/part-$1.jsonl" --resume --url=http://gateway:8080
}

# Each photo has a line in one of the parts; a part that is run again has nothing to do.
labels_all() {
  mkdir -m 777 "$work/results" && label 0 && label 1 || return
  local photos
  photos=$(find "$fixtures" -name '*.jpg' | wc -l)
  cat "$work/results"/part-*.jsonl | grep -o '"file":"/photos/[^"]*"' | sort | uniq -c | tee -a /dev/stderr |
    awk -v photos="$photos" '$1 != 1 { wrong = 1 } END { exit wrong || NR != photos }' &&
    label 1 2>&1 | grep 'done before'
}

source test/containers/helpers.sh
find_engine
port=$(free_port)
export PROXY_PORT=127.0.0.1:$port
url=http://127.0.0.1:$port
trap cleanup EXIT
trap 'exit 130' INT TERM

[[ -n ${PROXY_IMAGE:-} ]] || check 'a stand-in for the proxy is built' build_proxy || finish
check 'the images build' "${compose[@]}" build gateway serving || finish
check 'two gateways and two model servers start' scale 2 2 || finish
mapfile -t gateways < <(replicas gateway)
mapfile -t servings < <(replicas serving)
check 'there are two and two' test "${#gateways[@]} ${#servings[@]}" = '2 2' || finish
check 'the proxy finds a gateway that is ready' within 60 is_ready || finish

start_load
check 'uploads are answered' within 20 answers_more 10 || finish
check 'both gateways take load' takes_load "${gateways[@]}"
check 'both model servers take load' takes_load "${servings[@]}"

before=$(replicas serving)
check 'a third model server is added' scale 2 3
joined=$(added "$(replicas serving)" "$before")
check 'it takes load within seconds' joins "$joined"
grep '^#' "$work/said"
before=$(replicas gateway)
check 'a third gateway is added' scale 3 3
joined=$(added "$(replicas gateway)" "$before")
check 'it takes load within seconds' joins "$joined"
grep '^#' "$work/said"

check 'two model servers are removed' scale 3 1
check 'uploads go on' within 20 answers_more $(($(answered) + 10))
check 'two gateways are removed' scale 1 1
check 'one of each is left' test "$(replicas gateway | wc -l) $(replicas serving | wc -l)" = '1 1'
check 'uploads go on' within 20 answers_more $(($(answered) + 10))
check "all $(answered) uploads were answered" all_were_answered
check 'two runs label a folder, each its part' labels_all
finish
