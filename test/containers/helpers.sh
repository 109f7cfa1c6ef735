# Is sourced by run.sh and scale.sh: checks, waiting, and what they ask engine and gateway. Needs `gateway` and `url` where
# a function speaks to the gateway, and makes `work`, a folder that the script's own clean-up removes.

fixtures=test/fixtures
work=$(mktemp -d)
passed=0
failed=0

give_up() {
  echo "CONTAINERS NOT TESTED: $1" >&2
  rm -rf "$work"
  [[ ${ALLOW_NO_DOCKER:-} == 1 ]]
  exit
}

# Prints whether a command succeeds, with what it said when it did not: check NAME COMMAND...
check() {
  local name=$1
  shift
  : >"$work/said"
  if "$@" >>"$work/said" 2>&1; then
    passed=$((passed + 1))
    echo "ok - $name"
  else
    failed=$((failed + 1))
    echo "not ok - $name"
    tail -n 15 "$work/said" | sed 's/^/    /'
    return 1
  fi
}

finish() {
  echo "$passed passed, $failed failed"
  ((failed == 0))
  exit
}

# Repeats a command every half second until it succeeds: within SECONDS COMMAND...
within() {
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    ((SECONDS < end)) || return 1
    sleep 0.5
  done
}

# Sets `compose` to the command that there is, or gives up.
find_engine() {
  command -v docker >/dev/null || give_up 'no Docker engine (there is no docker command)'
  docker info >/dev/null 2>&1 || give_up 'no Docker engine'
  if docker compose version >/dev/null 2>&1; then
    compose=(docker compose)
  elif command -v docker-compose >/dev/null; then
    compose=(docker-compose)
  else
    give_up 'a Docker engine, but no docker compose'
  fi
}

free_port() {
  local port
  while port=$((20000 + RANDOM % 12000)); do
    (: >"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
  done
  echo "$port"
}

in_gateway() { docker exec "$gateway" "$@"; }

has_state() { [[ $(docker inspect --format "$2" "$1") == "$3" ]]; }

is_ready() { curl --silent --fail --max-time 5 "$url/readyz" | grep '"status":"ready"' >/dev/null; }

# finds PHOTO LABEL [EXTRA CURL ARGUMENT...]
finds() {
  local photo=$1 label=$2
  shift 2
  curl --silent --show-error --fail-with-body --max-time 20 "$@" --form "image=@$fixtures/$photo" "$url/v1/detect" |
    tee -a /dev/stderr | grep "\"label\":\"$label\"" >/dev/null
}

received_bytes() { docker exec "$1" awk '/eth0/ { print $2 }' /proc/net/dev; }
