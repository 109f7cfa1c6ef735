import { writeFile } from 'node:fs/promises'
import { clientTypes } from './client-types.js'
import { openapiDocument } from './openapi-document.js'

const at = (name: string) => new URL(`../${name}`, import.meta.url)
const document = await openapiDocument()
await writeFile(at('openapi.yaml'), document)
await writeFile(at('src/client/wire.ts'), clientTypes(document))
