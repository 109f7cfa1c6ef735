import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** A tensor in the WASM backend's memory, which only `dispose` frees. */
export interface TfTensor {
  dispose(): void
  /** Copies the numbers out. */
  dataSync(): Float32Array
}

interface ConvolutionOptions {
  readonly x: TfTensor
  readonly filter: TfTensor
  readonly bias: TfTensor
  readonly strides: [number, number]
  readonly pad: 'same' | 'valid'
  readonly activation: 'linear' | 'relu6'
}

/**
 * The part of @tensorflow/tfjs-core that the network runs on. Described here because the package's own declarations
 * do not type-check (they name Emscripten and WebGPU types that they do not bring).
 */
export interface TensorFlow {
  tensor(data: Float32Array, shape: readonly number[], dtype: 'float32'): TfTensor
  add(a: TfTensor, b: TfTensor): TfTensor
  relu6(x: TfTensor): TfTensor
  reshape(x: TfTensor, shape: readonly number[]): TfTensor
  concat(parts: readonly TfTensor[], axis: number): TfTensor
  memory(): { readonly numTensors: number }
  readonly fused: {
    conv2d(options: ConvolutionOptions): TfTensor
    depthwiseConv2d(options: ConvolutionOptions): TfTensor
  }
}

interface Backends {
  setBackend(name: string): Promise<boolean>
}

interface WasmBackend {
  setWasmPaths(directory: string): void
}

/**
 * Starts TensorFlow.js on its WASM backend, with SIMD where the processor has it. The backend has one thread under Node
 * and computes synchronously. Throws when the packages are not installed, with what to do about it.
 */
export async function loadTensorFlow(): Promise<TensorFlow> {
  const require = createRequire(import.meta.url)
  const backend = '@tensorflow/tfjs-backend-wasm'
  let core: TensorFlow & Backends
  try {
    core = require('@tensorflow/tfjs-core') as TensorFlow & Backends
    const wasm = require(backend) as WasmBackend
    wasm.setWasmPaths(join(dirname(require.resolve(backend)), '/'))
  } catch (cause) {
    throw new Error(
      'The embedded model server needs @tensorflow/tfjs-core and @tensorflow/tfjs-backend-wasm, which cannot be ' +
        'loaded. They are development dependencies of this repository: run `npm ci` in a clone, without --omit=dev.',
      { cause },
    )
  }
  if (!(await core.setBackend('wasm'))) {
    throw new Error('TensorFlow.js cannot start its WASM backend')
  }
  return core
}
