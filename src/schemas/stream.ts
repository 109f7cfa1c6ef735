import { z } from 'zod'
import { Problem } from './problem.js'
import { DetectResponse } from './responses.js'

const dropped = z
  .int()
  .min(0)
  .meta({ description: 'Frames so far that gave way to newer ones before their turn' })

/** What was found in one frame of a stream. */
export const StreamResult = z
  .object({
    frame: z.int().min(0).meta({ description: 'Which frame it was, from 0, by order of arrival' }),
    dropped,
  })
  .extend(DetectResponse.shape)
  .meta({ id: 'StreamResult', description: 'What was found in a frame' })

/** What was wrong with one frame, with a message of parameters, or with the stream. */
export const StreamFailure = z
  .object({
    frame: z.int().min(0).nullable().meta({
      description:
        'Which frame it was; null where it was parameters, or what the stream is closed for next',
    }),
    dropped,
    error: Problem,
    retry_after: z
      .number()
      .optional()
      .meta({ description: 'Seconds after which trying again makes sense, where that is known' }),
  })
  .meta({
    id: 'StreamFailure',
    description: 'Why a frame or a message of parameters has no answer',
  })

/** Says that parameters have changed. */
export const StreamChange = z
  .object({
    frame: z.int().min(0).meta({ description: 'The first frame that they apply to' }),
    dropped,
    changed: z.array(z.string()).meta({ description: 'Names of the parameters' }),
  })
  .meta({ id: 'StreamChange', description: 'New parameters are in force' })

/** Every text message that a stream sends. */
export const StreamMessage = z
  .union([StreamResult, StreamFailure, StreamChange])
  .meta({ id: 'StreamMessage', description: 'A message of a stream' })
export type StreamMessage = z.output<typeof StreamMessage>
