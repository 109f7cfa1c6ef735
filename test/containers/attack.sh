# What is tried against the running gateway, from inside its container and from outside; sourced by run.sh.

started_at() { docker inspect --format '{{.State.StartedAt}} {{.RestartCount}}' "$gateway"; }

# Every place that a program would like to write to, /proc's switches and the settings of the kernel with them.
writes_nowhere() {
  local place failed=0
  for place in / /app /app/dist /app/node_modules /models /home/node /etc /usr/local/bin /var/tmp /run /proc/sys/kernel /sys; do
    if in_gateway node -e 'require("fs").writeFileSync(process.argv[1] + "/x", "x")' "$place" 2>/dev/null; then
      echo "$place can be written to"
      failed=1
    fi
  done
  return "$failed"
}

# The one place that can be written to is memory: it ends before the container's does.
scratch_is_bounded() {
  in_gateway node -e '
    const fs = require("fs")
    let written = 0
    try {
      for (; written < 300; written++) fs.appendFileSync("/tmp/fill", Buffer.alloc(1e6))
    } catch (error) {
      console.log(error.code, written, "MB")
    }
    fs.rmSync("/tmp/fill", { force: true })
    process.exit(written < 100 ? 0 : 1)'
}

gains_nothing() {
  in_gateway node -e '
    const { execFileSync } = require("child_process")
    const tried = { setuid: () => process.setuid(0), setgid: () => process.setgid(0),
      chown: () => require("fs").chownSync("/tmp", 0, 0),
      mount: () => execFileSync("/bin/mount", ["-t", "tmpfs", "none", "/tmp"], { stdio: "ignore" }) }
    const succeeded = Object.keys(tried).filter((name) => { try { tried[name](); return true } catch { return false } })
    console.log("succeeded:", succeeded.join(" ") || "nothing")
    process.exit(succeeded.length)'
}

# Processes that start processes: no more than the limit at once, and the gateway goes on when they have gone.
bomb_is_bounded() {
  local before most
  before=$(started_at)
  docker exec --detach "$gateway" sh -c 'i=0; while [ $i -lt 600 ]; do sleep 8 & i=$((i + 1)); done; wait'
  sleep 3
  most=$(docker top "$gateway" -o pid | tail -n +2 | wc -l)
  echo "$most processes"
  ((most > 20 && most <= 256)) || return
  within 40 no_sleepers && within 20 finds chelsea.jpg cat && [[ $(started_at) == "$before" ]]
}

no_sleepers() { ! docker top "$gateway" -o comm | grep sleep >/dev/null; }

# Pictures at the limits of pixels and bytes, more at once than there is memory for: each is answered, nothing is killed.
# Most are drawn, as run.sh gives requests the time for it: only what is drawn takes the memory.
survives_large_uploads() {
  local before answers
  before=$(started_at)
  node -e '
    const sharp = require("sharp")
    const [, folder] = process.argv
    const run = async () => {
      const noise = { type: "gaussian", mean: 128, sigma: 30 }
      const small = await sharp({ create: { width: 800, height: 600, channels: 3, background: "#000", noise } }).png().toBuffer()
      const large = () => sharp(small).resize(8000, 6000, { kernel: "cubic" }).withMetadata({ orientation: 6 })
      await large().jpeg({ quality: 60 }).toFile(`${folder}/large.jpg`)
      await large().jpeg({ quality: 60, progressive: true }).toFile(`${folder}/progressive.jpg`)
      await sharp({ create: { width: 8000, height: 6000, channels: 3, background: "#369" } }).png().toFile(`${folder}/large.png`)
    }
    run()' "$work" || return
  # A PNG of a noisy photo is more than is sent.
  answers=$(for _ in {1..12}; do printf '%s\n' large.jpg jpeg progressive.jpg jpeg large.png png; done |
    xargs -P 30 -n 2 sh -c 'curl --silent --output /dev/null --write-out "%{http_code}\n" --max-time 150 \
      --form "image=@$0/$2" "$1/v1/detect?format=$3"' "$work" "$url" | sort | uniq -c)
  echo "$answers"
  docker stats --no-stream --format '{{.MemUsage}}' "$gateway"
  ! grep -qvE ' (200|413|422|429|503|504)$' <<<"$answers" || return
  awk '$2 == 200 { drawn = $1 } END { exit drawn < 20 }' <<<"$answers" || return
  docker inspect --format 'killed: {{.State.OOMKilled}}' "$gateway" | grep -x 'killed: false' &&
    [[ $(started_at) == "$before" ]] && within 20 finds chelsea.jpg cat
}

# An image whose shells are gone serves, checks its health and ends as ever.
needs_no_shell() {
  local name=$single-shell-less
  docker build --quiet --tag "$GATEWAY_IMAGE:shell-less" - >/dev/null <<DOCKERFILE
FROM $GATEWAY_IMAGE:demo
USER 0
RUN rm -f /bin/sh /bin/bash /bin/dash /usr/bin/sh /usr/bin/bash /usr/bin/dash
USER 1000:1000
DOCKERFILE
  docker run --detach --name "$name" --read-only --cap-drop ALL --security-opt no-new-privileges \
    --publish "127.0.0.1:$port:8080" "$GATEWAY_IMAGE:shell-less" >/dev/null && within 30 is_ready && finds coffee.jpg cup &&
    ! docker exec "$name" sh -c true 2>/dev/null && docker exec "$name" node dist/cli.js healthcheck && ends_well "$name"
  local code=$?
  docker rm --force "$name" >/dev/null 2>&1
  docker rmi --no-prune "$GATEWAY_IMAGE:shell-less" >/dev/null 2>&1
  return "$code"
}

# From inside, before anything that disturbs the gateway.
attack_from_inside() {
  check 'an intruder can write nowhere' writes_nowhere
  check 'an intruder gains no rights' gains_nothing
  check 'what an intruder writes to /tmp is bounded' scratch_is_bounded
}

# What may leave errors in the log.
attack_from_outside() {
  check 'many large pictures at once are answered within the memory' survives_large_uploads
  check 'a fork bomb is bounded, and the gateway outlives it' bomb_is_bounded
}
