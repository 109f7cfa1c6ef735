import { CLASSIFY_PARAMETERS, parseClassifyParameters } from '../schemas/classify-parameters.js'
import {
  ClassifyBatchResponse,
  ClassifyItem,
  ClassifyResponse,
  toClassifyResponse,
} from '../schemas/classify-responses.js'
import { imageTaskRoutes } from './image-task.js'

/** `POST /v1/classify` and `POST /v1/classify/batch`. */
export const classifyRoutes = imageTaskRoutes({
  path: '/v1/classify',
  tags: ['classification'],
  one: {
    operationId: 'classify',
    summary: 'Say what an image shows',
    description:
      'Takes one image as `/v1/detect` does and answers its classes, best first. A model of another task is a `task_mismatch`.',
    answer: 'The classes',
  },
  many: {
    operationId: 'classifyBatch',
    summary: 'Say what many images show',
  },
  set: CLASSIFY_PARAMETERS,
  parse: parseClassifyParameters,
  taskOf: (app) => app.classifier,
  toAnswer: toClassifyResponse,
  schemas: { answer: ClassifyResponse, item: ClassifyItem, batch: ClassifyBatchResponse },
})
