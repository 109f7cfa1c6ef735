import { z } from 'zod'

/** What the server tells of itself by the Open Inference Protocol. */
export const OipServer = z
  .object({ name: z.string(), version: z.string(), extensions: z.array(z.string()) })
  .meta({ id: 'OipServer', description: 'The server by the Open Inference Protocol' })

/** Liveness by the Open Inference Protocol. */
export const OipLive = z.object({ live: z.literal(true) })

/** Readiness of the server by the Open Inference Protocol. */
export const OipReady = z.object({ ready: z.boolean() })

/** Readiness of a model by the Open Inference Protocol. */
export const OipModelReady = z.object({ name: z.string(), ready: z.boolean() })

const tensors = z.array(
  z.object({
    name: z.string(),
    datatype: z.string().meta({ description: 'UINT8, FP32, BYTES ...' }),
    shape: z.array(z.int()).meta({ description: '-1 where free' }),
  }),
)

/** A model by the Open Inference Protocol. */
export const OipModel = z
  .object({
    name: z.string(),
    versions: z.array(z.string()),
    platform: z.string(),
    inputs: tensors,
    outputs: tensors,
  })
  .meta({ id: 'OipModel', description: 'A model by the Open Inference Protocol' })

/** An error by the Open Inference Protocol. */
export const OipError = z
  .object({ error: z.string() })
  .meta({ id: 'OipError', description: 'An error of the Open Inference Protocol' })
