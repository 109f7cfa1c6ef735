import { z } from 'zod'
import { CARD_TASKS } from '../repository/model-card.js'
import { VersionStatus } from './compat/tfserving.js'

const MODEL_STATES = ['UNKNOWN', 'START', 'LOADING', 'AVAILABLE', 'UNLOADING', 'END'] as const

const text = (description: string) => z.string().meta({ description })

const shape = z.array(z.int()).nullable().meta({
  description: 'Dimensions, -1 where free; null when not even their number is known',
})

const state = z.enum(MODEL_STATES).meta({
  description: 'State as the model server names it; UNKNOWN while it cannot be asked',
})

const TensorInfo = z
  .object({ dtype: text('Element type, such as DT_UINT8'), shape })
  .meta({ id: 'TensorInfo', description: 'Element type and shape of an input or output' })

const modelFields = {
  name: text('Name to ask for'),
  default: z.boolean().meta({ description: 'Whether requests without `model` get this one' }),
  state,
  reason: z.string().nullable().meta({ description: 'Why the model is not available, else null' }),
  versions: z
    .array(
      z.object({
        version: text('Version as text; empty where the server has none'),
        state,
        message: text('Why the version is in this state; empty when all is well'),
      }),
    )
    .meta({ description: 'Newest first' }),
  task: z.enum(CARD_TASKS).nullable().meta({
    description: 'What the model does, by its card or its signature; null while neither tells it',
  }),
  input: z
    .object({
      name: text('Name of the input'),
      dtype: text('Element type, such as DT_UINT8'),
      shape,
      kind: z.enum(['encoded', 'pixels']).meta({
        description: 'Whether the model takes the bytes of a picture file or pixels',
      }),
    })
    .nullable()
    .meta({ description: 'The input for images; null while the signature is unknown' }),
  label_count: z.int().min(0).meta({ description: 'How many classes have names' }),
}

/** A model as the list shows it. */
export const Model = z
  .object(modelFields)
  .meta({ id: 'Model', description: 'A model that can be asked for' })
export type Model = z.output<typeof Model>

/** The answer of `GET /v1/models`. */
export const ModelsResponse = z
  .object({ models: z.array(Model) })
  .meta({ id: 'ModelsResponse', description: 'Every model that can be asked for' })
export type ModelsResponse = z.output<typeof ModelsResponse>

/** The answer of `GET /v1/models/{model}`: the model with its signature. */
export const ModelResponse = z
  .object({
    ...modelFields,
    signature: z
      .object({
        name: text('Name of the signature'),
        method: text('Method name, such as tensorflow/serving/predict'),
        inputs: z.record(z.string(), TensorInfo),
        outputs: z.record(z.string(), TensorInfo),
      })
      .nullable()
      .meta({ description: 'The signature that is called; null while it cannot be read' }),
    model_version_status: z.array(VersionStatus).optional().meta({
      description: "TensorFlow Serving's own status; only where `COMPAT` names `tfserving`",
    }),
  })
  .meta({ id: 'ModelResponse', description: 'A model with its signature' })
export type ModelResponse = z.output<typeof ModelResponse>

/** The answer of `GET /v1/models/{model}/labels`. */
export const LabelsResponse = z
  .object({
    labels: z.array(
      z.object({
        id: z.int().meta({ description: 'Class id as the model gives it' }),
        name: text('Name of the class'),
      }),
    ),
  })
  .meta({
    id: 'LabelsResponse',
    description: 'The names of the classes, by class id',
    examples: [{ labels: [{ id: 1, name: 'person' }] }],
  })
export type LabelsResponse = z.output<typeof LabelsResponse>

/** The answer of `GET /livez`. */
export const Liveness = z
  .object({ status: z.literal('ok') })
  .meta({ id: 'Liveness', description: 'The process answers' })
export type Liveness = z.output<typeof Liveness>

/** The answer of `GET /readyz`, with 200 and with 503. */
export const Readiness = z
  .object({
    status: z.enum(['ready', 'not_ready', 'shutting_down']),
    models: z
      .array(
        z.object({
          name: text('Name of the model'),
          ready: z.boolean(),
          reason: z.string().nullable().meta({ description: 'Why it is not ready, else null' }),
        }),
      )
      .meta({ description: 'The models that readiness depends on' }),
  })
  .meta({
    id: 'Readiness',
    description: 'Whether requests should be sent here',
    examples: [
      {
        status: 'ready',
        models: [{ name: 'ssdlite_mobilenet_v2_coco', ready: true, reason: null }],
      },
    ],
  })
export type Readiness = z.output<typeof Readiness>
