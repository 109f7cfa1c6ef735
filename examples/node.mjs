// Finds objects in photos from Node: node examples/node.mjs PHOTO...
//
// In a project of your own: npm install detection-gateway. In a clone: npm run build.
// GATEWAY (default http://localhost:8080) is where the gateway answers; KEY is an API key, where it asks for one.
import { existsSync, openAsBlob } from 'node:fs'
import { basename } from 'node:path'
import { DetectionClient, GatewayProblem } from 'detection-gateway/client'

const { GATEWAY = 'http://localhost:8080', KEY } = process.env
const client = new DetectionClient(GATEWAY, { apiKey: KEY, timeoutMs: 30_000 })

const paths = process.argv.slice(2)
if (paths.length === 0) {
  console.error('Usage: node examples/node.mjs PHOTO...')
  process.exit(2)
}
const missing = paths.find((path) => !existsSync(path))
if (missing !== undefined) {
  console.error(`${missing}: there is no such file`)
  process.exit(1)
}
const photos = await Promise.all(
  paths.map(async (path) => new File([await openAsBlob(path)], basename(path))),
)

try {
  // One request for all of them; each result comes as soon as it is ready.
  for await (const item of client.detectBatch(photos, { min_score: 0.6 })) {
    if ('error' in item) {
      console.error(`${item.filename}: ${item.error.detail}`)
      process.exitCode = 1
      continue
    }
    const names = item.detections.map(({ label, score }) => `${label} ${score.toFixed(2)}`)
    console.log(`${item.filename}: ${names.join(', ') || 'nothing'}`)
  }
} catch (error) {
  // The codes are permanent: branch on them, show the message to people.
  if (!(error instanceof GatewayProblem)) throw error
  console.error(`${error.code}: ${error.message}`)
  process.exitCode = 1
}
