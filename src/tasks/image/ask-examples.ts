import { GatewayError } from '../../errors.js'
import type { ModelServer } from '../../serving/model-server.js'
import type { ImagePlan, PreparedJob } from './image-job.js'
import type { ModelCalls } from './model-calls.js'

/** Methods that take `tf.Example`s. */
type ExampleMethods = Required<Pick<ModelServer, 'classify' | 'regress'>>

/**
 * Sends encoded images in one call, each in a `tf.Example`, in their order. Throws `signature_mismatch` (502) where the
 * protocol of the model server has no such method.
 */
export function askExamples<Method extends keyof ExampleMethods>(
  method: Method,
  calls: ModelCalls,
  jobs: readonly PreparedJob[],
  plan: ImagePlan,
  feature: string,
): ReturnType<ExampleMethods[Method]> {
  const { server } = calls
  const { selector } = plan.options
  const images = jobs.map((job) => job.input.data)
  const call = { selector, signature: plan.signature.name, feature, images }
  return calls.send(jobs, plan, async (options) => {
    if (server[method] === undefined) throw noExamples(selector.model)
    return (await server[method](call, options)) as Awaited<ReturnType<ExampleMethods[Method]>>
  }) as ReturnType<ExampleMethods[Method]>
}

function noExamples(model: string): GatewayError {
  return new GatewayError(
    'signature_mismatch',
    `The signature of model "${model}" takes tf.Examples, which the protocol of its server cannot carry`,
  )
}
