// Finds objects in photos from Node: node examples/node.mjs PHOTO...
//
// In a project of your own: npm install detection-gateway. In a clone: npm run build.
// GATEWAY (default http://localhost:8080) is where the gateway answers; KEY is an API key, where it asks for one.
import { openAsBlob } from 'node:fs'
import { basename } from 'node:path'
import { DetectionClient, GatewayProblem } from 'detection-gateway/client'

const { GATEWAY = 'http://localhost:8080', KEY } = process.env
const client = new DetectionClient(GATEWAY, { apiKey: KEY, timeoutMs: 30_000 })

const paths = process.argv.slice(2)
const photos = await Promise.all(
  paths.map(async (path) => new File([await openAsBlob(path)], basename(path))),
)

try {
  // One request for all of them; each result comes as soon as it is ready.
  for await (const item of client.detectBatch(photos, { min_score: 0.6 })) {
    if ('error' in item) {
      console.error(`${item.filename}: ${item.error.detail}`)
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
