#!/usr/bin/env bash
# Packs the program as it is published, installs it into an empty project, and uses it there: the client is type checked
# by a strict TypeScript as Node and as bundlers resolve it, imported and called; the command runs.
set -euo pipefail
cd "$(dirname "$0")/../.."
root=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

npm pack --silent --ignore-scripts --pack-destination "$work" >/dev/null
tar -tzf "$work"/*.tgz >"$work/files"
grep -qx package/dist/client/client.d.ts "$work/files" || { echo "the package has no client; npm run build"; exit 1; }
mkdir "$work/project"
cd "$work/project"
echo '{ "name": "somebody", "private": true, "type": "module" }' >package.json
npm install --silent --no-audit --no-fund "$work"/*.tgz

cat >use.ts <<'TS'
import { type BatchItem, DetectionClient, GatewayProblem } from 'detection-gateway/client'

const client = new DetectionClient('http://127.0.0.1:9', { apiKey: 'k', retries: 1, timeoutMs: 5000 })
export async function use(file: File): Promise<string[]> {
  const { detections } = await client.detect(file, { min_score: 0.5, labels: ['cat'] })
  for await (const item of client.detectBatch([file])) show(item)
  const picture: Blob = await client.detectFile(file, { format: 'png' })
  // @ts-expect-error: a picture is no JSON.
  await client.detect(file, { format: 'png' })
  // @ts-expect-error: there is no such parameter.
  await client.detect(file, { minimum: 1 })
  return [String(picture.size), ...detections.map((it) => `${it.label} ${it.box.x_min}`)]
}
function show(item: BatchItem): number {
  return 'error' in item ? item.status : item.detections.length
}
client.models().catch((error: unknown) => {
  if (!(error instanceof GatewayProblem)) throw error
  if (error.code === 'queue_full') return
  // @ts-expect-error: there is no such code.
  if (error.code === 'nonsense') return
  console.log(error.code)
})
TS
for resolution in 'nodenext nodenext' 'esnext bundler'; do
  read -r module how <<<"$resolution"
  # Without Node's types and with the browser's, so that the client needs no others.
  "$root/node_modules/.bin/tsc" --strict --target es2022 --lib es2023,dom,dom.iterable \
    --exactOptionalPropertyTypes --module "$module" --moduleResolution "$how" --noEmit use.ts
  echo "types pass as $how resolves them"
done

"$root/node_modules/.bin/esbuild" use.ts --outfile=use.js --format=esm --log-level=warning
[ "$(node use.js)" = connection_failed ] || { echo "the client did not run"; exit 1; }
size=$("$root/node_modules/.bin/esbuild" use.js --bundle --minify --format=esm --platform=browser --log-level=warning | gzip -9 | wc -c)
echo "packed for browsers: $size bytes compressed"
npx --no-install detection-gateway --version
npx --no-install detection-gateway detect --help | head -n 1
if npx --no-install detection-gateway detect "$root/test/fixtures/coffee.jpg" 2>refused; then
  echo 'detect did not say that a package has no model server'
  exit 1
fi
grep -q '^The embedded model server cannot run here: .*--url' refused || { cat refused; exit 1; }
