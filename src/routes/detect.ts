import type { FastifyReply } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { clientOf } from '../plugins/client-of.js'
import { COCO_TYPE, CocoDocument, toCoco } from '../schemas/formats/coco.js'
import { toVoc } from '../schemas/formats/voc.js'
import { toYolo } from '../schemas/formats/yolo.js'
import { problemResponses } from '../schemas/problem.js'
import { DETECT_BODIES, DetectQuery } from '../schemas/requests.js'
import { DetectResponse } from '../schemas/responses.js'
import { toDetectOptions, toPictureOptions } from '../schemas/to-options.js'
import { toDetectResponse } from '../schemas/to-response.js'
import { detectImage, type ImageAnswer } from '../tasks/detection/detect-image.js'
import { detectFormat, mediaTypeOf, refuseRedaction } from './answer-format.js'
import { bodySizesOf, readDetectBody } from './body/read-detect-body.js'
import type { BodyLimits } from './body/upload.js'
import { DETECT_PROBLEMS } from './detect-problems.js'

const picture = {
  schema: z
    .unknown()
    .meta({ type: 'string', format: 'binary', description: 'The annotated picture' }),
}

const schema = {
  operationId: 'detect',
  summary: 'Detect objects in an image',
  description:
    'Takes one image as a form, as bare bytes or as JSON, and answers the objects in it as JSON, drawn on the picture, cut out ' +
    'of it, made unrecognizable in it, or as labelling tools read them. ' +
    'Parameters have the same names as form fields, query parameters and JSON keys.',
  tags: ['detection'],
  response: {
    200: {
      description:
        'What was found. A picture carries the same facts in `x-model-name` and `x-model-version` (percent-encoded beyond ASCII), `x-detections-count` and `server-timing`',
      content: {
        'application/json': { schema: DetectResponse },
        'image/png': picture,
        'image/jpeg': picture,
        'image/webp': picture,
        'application/zip': {
          schema: z.unknown().meta({
            type: 'string',
            format: 'binary',
            description: 'A JPEG of each detection, and `detections.json`',
          }),
        },
        [COCO_TYPE]: { schema: CocoDocument },
        'text/plain': {
          schema: z.string().meta({
            description:
              'YOLO: `class x_center y_center width height` in fractions, a line for each detection; the class is the position of the label in the list of labels, from 0',
          }),
        },
        'application/xml': {
          schema: z.string().meta({
            description: 'Pascal VOC: whole pixels from 1, both ends included',
          }),
        },
      },
    },
    ...problemResponses(...DETECT_PROBLEMS),
  },
}

/** A name or version as a header can hold it: what is not printable ASCII, and the percent sign, is percent-encoded. */
function toHeaderText(name: string): string {
  return name.replace(/[^\x20-\x24\x26-\x7e]+/gu, encodeURIComponent)
}

/** Says in headers what a picture cannot: which model answered, how much it found, and how long each stage took. */
function describe(reply: FastifyReply, { result, annotateMs }: ImageAnswer): void {
  const stages = Object.entries({ ...result.timingsMs, annotate: Math.round(annotateMs * 10) / 10 })
  reply.headers({
    'x-model-name': toHeaderText(result.model.name),
    'x-model-version': toHeaderText(result.model.version),
    'x-detections-count': result.detections.length,
    'server-timing': stages.map(([name, ms]) => `${name};dur=${ms}`).join(', '),
  })
}

/** `POST /v1/detect`: one image, one answer. */
export const detectRoutes: FastifyPluginAsyncZod<{ limits: BodyLimits }> = async (
  app,
  { limits },
) => {
  const documentation = { querystring: DetectQuery, body: DETECT_BODIES }
  const bodySizes = bodySizesOf(limits, { batch: false })
  app.post(
    '/v1/detect',
    { schema, config: { documentation, bodySizes } },
    async (request, reply) => {
      const { uploads, parameters } = await readDetectBody(request, limits, { batch: false })
      const format = detectFormat(request, parameters.format)
      const options = toDetectOptions(
        parameters,
        app.catalog.defaultModel,
        request.headers.traceparent,
        clientOf(request),
      )
      const drawn = toPictureOptions(format, parameters)
      if (drawn === undefined) refuseRedaction(parameters, format)
      const answer = await app.withDeadline(request, parameters, (deadline) =>
        detectImage(app.detector, uploads[0]!.bytes, options, drawn, deadline),
      )
      describe(reply, answer)
      reply.type(mediaTypeOf(format))
      if (answer.picture !== null) return answer.picture
      const response = toDetectResponse(answer.result)
      if (format === 'json') return response
      const labels = app.catalog.labels(parameters.model)
      const { filename } = uploads[0]!
      if (format === 'coco') return toCoco([{ index: 0, filename, ...response }], labels)
      return format === 'yolo' ? toYolo(response, labels) : toVoc(response, filename)
    },
  )
}
