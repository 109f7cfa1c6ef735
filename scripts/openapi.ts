import { writeFile } from 'node:fs/promises'
import { openapiDocument } from './openapi-document.js'

const file = new URL('../openapi.yaml', import.meta.url)
await writeFile(file, await openapiDocument())
