# Is sourced by run.sh: the composition as it is by default, in front of TensorFlow Serving. Where that cannot be pulled
# an image of the same flags stands in for it, which serves with the real TensorFlow of this machine (see server.py).
#
# TF_SERVING_IMAGE, when set, is used in place of the stand-in: TF_SERVING_IMAGE=tensorflow/serving for the real one.

demo=ssdlite_mobilenet_v2_coco

# Sets `python` to one that has TensorFlow, and what compose.yml of this folder wants to know of it.
lend_tensorflow() {
  source test/contract/venv.sh || return
  STAND_IN_VENV=$(cd "$venv" && pwd -P) || return
  STAND_IN_PYTHON_HOME=$("$python" -c 'import sys; print(sys.base_prefix)') || return
  # The system's own Python is in folders that are lent anyway, and none may be lent twice.
  [[ $STAND_IN_PYTHON_HOME != /usr ]] || STAND_IN_PYTHON_HOME=/usr/share
  export STAND_IN_VENV STAND_IN_PYTHON_HOME
}

build_stand_in() {
  export TF_SERVING_IMAGE=$GATEWAY_IMAGE-serving TF_SERVING_TAG=stand-in
  export COMPOSE_FILE=docker-compose.yml:test/containers/tf-serving/compose.yml
  docker build --quiet --tag "$TF_SERVING_IMAGE:$TF_SERVING_TAG" --file test/containers/tf-serving/Dockerfile test
}

# What an export said, the last time it ran.
export_said() {
  docker logs --since "$(docker inspect --format '{{.State.StartedAt}}' "$exporter")" "$exporter" 2>&1 |
    tee -a /dev/stderr | grep "$1" >/dev/null && has_state "$exporter" '{{.State.ExitCode}}' 0
}

versions() { in_gateway ls "/models/$1" | grep -x '[0-9]*' | xargs; }

# asks QUERY: prints what is found in a photo of a cat.
asks() {
  curl --silent --show-error --fail-with-body --max-time 20 --form "image=@$fixtures/chelsea.jpg" "$url/v1/detect?$1"
}

# answers NAME VERSION: the model answers with this version.
answers() {
  asks "model=$1" | tee -a /dev/stderr | grep "\"name\":\"$1\",\"version\":\"$2\".*\"label\":\"cat\"" >/dev/null
}

# The photo as the card wants it, by the gateway's own sharp.
answers_as_tensorflow() {
  docker exec --interactive "$gateway" node -e '
    require("sharp")(require("node:fs").readFileSync(0)).autoOrient()
      .resize(300, 300, { fit: "fill", kernel: "lanczos3" }).toColourspace("srgb").raw().toBuffer()
      .then((pixels) => process.stdout.write(pixels))' <"$fixtures/chelsea.jpg" >"$work/pixels" &&
    asks 'min_score=0.05&max_detections=100' >"$work/answer" &&
    "$python" test/containers/tf-serving/compare.py "$work/source/1" "$work/pixels" "$work/answer"
}

# Version 2 of compose makes all containers before it starts the first, and each may hand the empty volume to its user.
keeps_owner() {
  docker create --name "$single" --volume "$single:/models" "$GATEWAY_IMAGE:demo" export demo &&
    docker create --name "$single-serving" --volume "$single:/models:ro" \
      "$TF_SERVING_IMAGE:${TF_SERVING_TAG:-2.19.1}" &&
    docker start --attach "$single"
  local status=$?
  docker rm --force "$single" "$single-serving" >/dev/null
  docker volume rm "$single" >/dev/null
  return "$status"
}

started_at() { docker inspect --format '{{.Id}} {{.State.StartedAt}}' "$gateway" "$serving"; }

exports() { "${compose[@]}" run --rm "$@"; }

check_tf_serving() {
  check 'this machine has TensorFlow' lend_tensorflow || return
  if [[ -z ${TF_SERVING_IMAGE:-} ]]; then
    check 'a stand-in for TensorFlow Serving is built' build_stand_in || return
  fi
  check 'a new volume can be exported to' keeps_owner
  check 'the composition starts on an empty volume' "${compose[@]}" up --detach --no-build || return
  gateway=$("${compose[@]}" ps --quiet gateway)
  serving=$("${compose[@]}" ps --quiet serving)
  exporter=$("${compose[@]}" ps --all --quiet export)

  check 'the demo model was exported into it' export_said 'Exported ssdlite_mobilenet_v2_coco, version 1' || return
  check 'the gateway becomes ready' within 90 is_ready || return
  check 'a photo is answered: cat' answers "$demo" 1
  check 'a photo is answered as PNG' draws coffee.jpg png 89504e470d0a1a0a
  docker cp "$gateway:/models/$demo" "$work/source" >/dev/null
  chmod -R a+rX "$work"
  check 'with the numbers that TensorFlow gives when it is called directly' answers_as_tensorflow
  check 'the model server is healthy' within 60 has_state "$serving" '{{.State.Health.Status}}' healthy
  check 'it publishes no port' publishes_nothing "$serving"

  local started
  started=$(started_at)
  check 'the composition is brought up once more' "${compose[@]}" up --detach --no-build
  check 'which exports nothing' export_said "Nothing to do: /models has $demo"
  check 'so that there is one version' test "$(versions "$demo")" = 1
  check 'another model is exported into it' \
    exports --volume "$work/source/1:/source:ro" export export /source --name second
  check 'and answers' within 30 answers second 1
  check 'another version of the first is exported' exports export export demo
  check 'and answers' within 30 answers "$demo" 2
  check 'nothing was restarted for it' test "$(started_at)" = "$started"
  docker stats --no-stream --format '# {{.Name}} uses {{.MemUsage}}' "$gateway" "$serving"
  docker restart "$gateway" >/dev/null
  check 'a gateway that is restarted starts with both models' within 30 answers second 1
  check 'and has its default model' within 30 is_ready
  check 'no error was logged' logs_are_quiet
}
