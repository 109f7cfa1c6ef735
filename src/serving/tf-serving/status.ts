import { type ServiceError, status } from '@grpc/grpc-js'
import type { GatewayError } from '../../errors.js'
import { type CallContext, COMMON_ROWS, errorByTable, type StatusRow } from '../status-table.js'

const UNAVAILABLE_DETAIL =
  'The model server cannot be reached; TF_SERVING_TARGET must name the gRPC port of a running TensorFlow Serving'
const REFUSED_DETAIL =
  'The model server refused the call as it was made for this model; its reason is in the gateway log'

/**
 * How a status of a call to TensorFlow Serving is answered over HTTP; the first row that fits counts. Statuses about
 * a missing model are `isAboutModel` and explained elsewhere, with the help of GetModelStatus.
 */
const ROWS: readonly StatusRow[] = [
  {
    code: status.INVALID_ARGUMENT,
    details: /Feature: .* is required but could not be found|Data types don't match\. Data type:/,
    answer: 'upstream_rejected',
    reason: 'parse_example does not find what it was made for: no signature tells the name',
    detail: () =>
      'The model looks for another feature of a tf.Example than it was sent; ' +
      'the card names it (example_feature), and the name is in the gateway log',
  },
  {
    code: status.FAILED_PRECONDITION,
    details: /could not find variable .* deleted/is,
    answer: 'upstream_rejected',
    reason: 'Keras 3 writes such models with tf.saved_model.save; they load and never run',
    detail: () =>
      'The model was saved without variables that it needs; Keras 3 must write it with model.export()',
  },
  {
    code: status.INVALID_ARGUMENT,
    answer: 'upstream_rejected',
    reason: 'the gateway made the request, so a wrong one is not the client’s fault',
    detail: () => REFUSED_DETAIL,
    suspect: true,
  },
  {
    code: status.FAILED_PRECONDITION,
    answer: 'upstream_rejected',
    reason: 'no such signature, or a model that cannot run: the request or the model is wrong',
    detail: () => REFUSED_DETAIL,
    suspect: true,
  },
  {
    code: status.UNAVAILABLE,
    details: /batch scheduling queue/i,
    answer: 'upstream_unavailable',
    reason: 'the server batches and its queue is full: a moment later it has room',
    detail: () =>
      'The batching queue of the model server is full; its max_enqueued_batches and UPSTREAM_IN_FLIGHT govern this',
  },
  {
    code: status.UNAVAILABLE,
    answer: 'upstream_unavailable',
    reason: 'no address answers, after the retries of the service config',
    detail: () => UNAVAILABLE_DETAIL,
  },
  {
    code: status.RESOURCE_EXHAUSTED,
    details: /received message larger than max/i,
    answer: 'upstream_rejected',
    reason: 'the receive limit in the text is not ours, so the server has one for requests',
    detail: () =>
      'The request is larger than the model server takes; ' +
      'WIRE_MAX_SIDE_PIXELS and the card’s input.size govern the size of what is sent',
  },
  {
    code: status.RESOURCE_EXHAUSTED,
    details: /metadata size/i,
    answer: 'upstream_rejected',
    reason: 'the server takes 8 KiB of metadata, of which the gateway sends a fraction',
    detail: () => 'The model server refused the metadata of the call as too large',
  },
  {
    code: status.INTERNAL,
    details: /^response message parsing error/i,
    answer: 'upstream_invalid_response',
    reason: 'the words of our own gRPC library: the bytes are no message of the method',
    detail: ({ action }) =>
      `The model server was asked to ${action} and did not answer with a message of that method; ` +
      'TF_SERVING_TARGET must name the gRPC port of a TensorFlow Serving',
  },
  ...COMMON_ROWS,
]

/** Names a failed call in this API's terms; see `errorByTable`. */
export function toGatewayError(error: ServiceError, context: CallContext): GatewayError {
  // No row for UNIMPLEMENTED: it can come from the model's graph, and does not prove that the method is missing.
  return errorByTable(ROWS, error, context)
}

/**
 * Tells whether a status is about the model or version that was asked for and not about the call: Predict answers
 * NOT_FOUND alike for one that is unknown, loading, unloading or failed, INVALID_ARGUMENT for an unknown label, and
 * UNAVAILABLE before the labels are known.
 */
export function isAboutModel(error: ServiceError): boolean {
  if (error.code === status.NOT_FOUND) return true
  if (error.code === status.UNAVAILABLE) return /model labels does not init/i.test(error.details)
  return (
    error.code === status.INVALID_ARGUMENT &&
    /unrecognized servable version label/i.test(error.details)
  )
}
