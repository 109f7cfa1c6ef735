import { type ServiceError, status } from '@grpc/grpc-js'
import { GatewayError } from '../../errors.js'
import { modelNotFound } from '../missing-model.js'
import type { CallOptions, ModelState, ModelVersionStatus } from '../model-server.js'
import { isServiceError, type UpstreamChannel } from '../upstream-channel.js'
import { toGatewayError } from './status.js'
import {
  GRPCInferenceServiceService as Methods,
  type ModelIndex,
  ModelMetadataRequest,
  ModelReadyRequest,
  RepositoryIndexRequest,
  ServerReadyRequest,
} from './stubs.js'

/** What ModelReady says of a model; `unknown` where it fails as it does for names that the server does not have. */
export type Readiness = 'ready' | 'not ready' | 'unknown'

/**
 * States as RepositoryIndex names them; an empty one belongs to a model that was never loaded, and UNKNOWN is what MLServer
 * says of one that is there and not ready.
 */
const STATES: Readonly<Record<string, ModelState>> = {
  READY: 'AVAILABLE',
  LOADING: 'LOADING',
  UNLOADING: 'UNLOADING',
  UNAVAILABLE: 'END',
  UNKNOWN: 'LOADING',
  '': 'END',
}

/** Triton's reason for a model that was taken down and is in order. */
const UNLOADED = 'unloaded'

/**
 * Asks a server of the Open Inference Protocol which versions of a model it has. No two servers answer alike for a
 * model that is unknown, is loading, or failed to load: RepositoryIndex tells them apart where a server has it.
 */
export class ModelStates {
  readonly #channel: UpstreamChannel

  constructor(channel: UpstreamChannel) {
    this.#channel = channel
  }

  /**
   * Gives every version that the server knows of, newest first. The version is empty where the server has none.
   *
   * @throws {GatewayError} `model_not_found` where it knows no such model, `model_not_ready` where it cannot know yet.
   */
  async versions(model: string, options: CallOptions): Promise<readonly ModelVersionStatus[]> {
    const index = await this.index(options)
    const listed = index?.filter((entry) => entry.getName() === model) ?? []
    if (listed.length > 0) return listed.map(toVersionStatus).sort(newestFirst)
    const readiness = await this.ready(model, undefined, options)
    if (readiness === 'ready') return await this.#loaded(model, options)
    // Of what it has, Triton says "not ready" and lists it; of other names it says the same and does not.
    if (readiness === 'not ready' && index === null) return [toLoading()]
    if (index === null) await this.#requireServer(options)
    throw modelNotFound(model, undefined)
  }

  /** Asks whether a model, or one version of it, takes requests. */
  async ready(
    model: string,
    version: string | undefined,
    options: CallOptions,
  ): Promise<Readiness> {
    const request = new ModelReadyRequest()
    request.setName(model)
    request.setVersion(version ?? '')
    try {
      const response = await this.#channel.unary(Methods.modelReady, request, options)
      return response.getReady() ? 'ready' : 'not ready'
    } catch (error) {
      if (isServiceError(error) && MEANS_UNKNOWN.includes(error.code)) return 'unknown'
      throw this.#named(error, 'tell the state of the model')
    }
  }

  /** Lists what the server could serve; null where it cannot list. */
  async index(options: CallOptions): Promise<readonly ModelIndex[] | null> {
    try {
      const request = new RepositoryIndexRequest()
      const response = await this.#channel.unary(Methods.repositoryIndex, request, options)
      return response.getModelsList()
    } catch (error) {
      if (isServiceError(error) && error.code === status.UNIMPLEMENTED) return null
      throw this.#named(error, 'list its models')
    }
  }

  /** Versions that are loaded, of a model that is ready: all that a server without a list tells. */
  async #loaded(model: string, options: CallOptions): Promise<readonly ModelVersionStatus[]> {
    const request = new ModelMetadataRequest()
    request.setName(model)
    try {
      const response = await this.#channel.unary(Methods.modelMetadata, request, options)
      const versions = response.getVersionsList()
      const names = versions.length > 0 ? versions : ['']
      return names
        .map((version) => ({ version, state: 'AVAILABLE' as const, message: '' }))
        .sort(newestFirst)
    } catch (error) {
      throw this.#named(error, 'describe the model')
    }
  }

  async #requireServer(options: CallOptions): Promise<void> {
    let ready: boolean
    try {
      const request = new ServerReadyRequest()
      ready = (await this.#channel.unary(Methods.serverReady, request, options)).getReady()
    } catch (error) {
      throw this.#named(error, 'tell whether it is ready')
    }
    if (!ready) {
      throw new GatewayError('model_not_ready', 'The model server is loading its models; try again')
    }
  }

  #named(error: unknown, action: string): unknown {
    if (!isServiceError(error)) return error
    return toGatewayError(error, { action, maxResponseBytes: this.#channel.maxResponseBytes })
  }
}

/** Codes by which servers say of a name or a version that they do not have it: KServe and OVMS, MLServer, Triton. */
const MEANS_UNKNOWN: readonly ServiceError['code'][] = [
  status.NOT_FOUND,
  status.UNKNOWN,
  status.INVALID_ARGUMENT,
]

function toVersionStatus(entry: ModelIndex): ModelVersionStatus {
  const state = STATES[entry.getState().replace(/^State\./, '')] ?? 'UNKNOWN'
  const reason = entry.getReason()
  // The server's own reason may be a traceback with paths, and this goes to clients.
  const failed = state === 'END' && reason !== '' && reason !== UNLOADED
  const message = failed ? 'it could not be loaded; the log of the model server tells why' : ''
  return { version: entry.getVersion(), state, message }
}

/** Known and not ready, of a server that tells no more: OpenVINO Model Server. */
function toLoading(): ModelVersionStatus {
  return { version: '', state: 'LOADING', message: '' }
}

/** Versions are text; those that are numbers count as such. */
function newestFirst(left: ModelVersionStatus, right: ModelVersionStatus): number {
  return right.version.localeCompare(left.version, 'en', { numeric: true })
}
