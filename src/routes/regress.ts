import { IMAGE_PARAMETERS, parseImageParameters } from '../schemas/classify-parameters.js'
import {
  RegressBatchResponse,
  RegressItem,
  RegressResponse,
  toRegressResponse,
} from '../schemas/classify-responses.js'
import { imageTaskRoutes } from './image-task.js'

/** `POST /v1/regress` and `POST /v1/regress/batch`. */
export const regressRoutes = imageTaskRoutes({
  path: '/v1/regress',
  tags: ['classification'],
  one: {
    operationId: 'regress',
    summary: 'Give the number of an image',
    description:
      'Takes one image as `/v1/detect` does and answers the number that the model gives for it. A model of another task is a `task_mismatch`.',
    answer: 'The number',
  },
  many: {
    operationId: 'regressBatch',
    summary: 'Give the numbers of many images',
  },
  set: IMAGE_PARAMETERS,
  parse: parseImageParameters,
  taskOf: (app) => app.regressor,
  toAnswer: toRegressResponse,
  schemas: { answer: RegressResponse, item: RegressItem, batch: RegressBatchResponse },
})
