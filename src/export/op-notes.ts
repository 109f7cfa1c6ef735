/** Why a server may lack an op. */
export interface OpNote {
  readonly op: string
  readonly note: string
}

const PYTHON = 'runs Python code, and TF-Serving has no Python'
const TPU = 'runs on TPUs only'
const XLA = 'was compiled for XLA; TF-Serving needs a build for it'
const INTERNAL =
  "is what TensorFlow's optimizer makes for itself: a graph that was saved after optimizing may not load elsewhere"

const sinceRelease = (release: string) => `is in TF-Serving ${release} and later`

/**
 * Ops that a standard TF-Serving may not have: of other runtimes, or younger than servers that are still in use. A release
 * of TF-Serving has the ops of the TensorFlow release of the same number, those of TensorFlow Text included, and no
 * custom ones; ops before 1.12 are not listed, since no server is older.
 */
const NOTES: Readonly<Record<string, string>> = {
  TFLite_Detection_PostProcess: 'is of TensorFlow Lite; TF-Serving does not have it',
  TRTEngineOp: "holds a TensorRT engine, for TF-Serving's GPU builds and one kind of GPU only",
  FusedDepthwiseConv2dNative: 'is of TensorFlow.js; TF-Serving does not have it',
  PyFunc: PYTHON,
  PyFuncStateless: PYTHON,
  EagerPyFunc: PYTHON,
  TPUPartitionedCall: TPU,
  TPUReplicatedInput: TPU,
  TPUReplicateMetadata: TPU,
  XlaLaunch: XLA,
  XlaCallModule: XLA,
  _FusedConv2D: INTERNAL,
  _FusedMatMul: INTERNAL,
  _FusedBatchNormEx: INTERNAL,
  CombinedNonMaxSuppression: sinceRelease('1.13'),
  FusedBatchNormV3: sinceRelease('1.14'),
  BatchMatMulV2: sinceRelease('1.14'),
  NonMaxSuppressionV5: sinceRelease('1.15'),
  SelectV2: sinceRelease('1.15'),
  DecodeImage: sinceRelease('2.3'),
}

/** Custom ops of TensorFlow Addons and the like carry their package before a `>`. */
const PACKAGED = /^\w+>/

/** Ops with a package that TF-Serving is built with. */
const BUILT_IN = /^(TFText|SimpleML|Sentencepiece)/

/** Gives the notes for those of the ops that a server may lack, in the order of their names. */
export function opNotes(ops: Iterable<string>): OpNote[] {
  return [...new Set(ops)]
    .flatMap((op) => {
      const note = NOTES[op] ?? packageNote(op)
      return note === undefined ? [] : [{ op, note }]
    })
    .sort((a, b) => (a.op < b.op ? -1 : 1))
}

function packageNote(op: string): string | undefined {
  if (!PACKAGED.test(op) || BUILT_IN.test(op)) return undefined
  return 'is a custom op; TF-Serving has it only when it was built in'
}
