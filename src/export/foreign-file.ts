import { ExportError } from './export-error.js'

/** Bytes from the beginning of a file that tell what it is; a tar archive says so at byte 257. */
export const SNIFFED_BYTES = 512

const TAR_MARK = 257

interface ForeignFile {
  readonly what: string
  readonly advice: string
  readonly matches: (head: Buffer) => boolean
}

const startsWith = (...bytes: readonly number[]) => {
  const mark = Buffer.from(bytes)
  return (head: Buffer) => head.subarray(0, mark.length).equals(mark)
}

const textStarts = (pattern: RegExp) => (head: Buffer) => pattern.test(head.toString('latin1'))

const KERAS_ADVICE =
  'Load it with the Keras it was saved by and write a SavedModel: model.export("saved_model")'
const TF_ADVICE = 'Take the frozen_inference_graph.pb, SavedModel or checkpoint it was made from'

/** Files that people hand over by mistake, with what to do; the first match is taken. */
const FOREIGN_FILES: readonly ForeignFile[] = [
  {
    what: 'a Git LFS pointer, not the file itself',
    advice: 'Run `git lfs pull` where it was cloned, or download the file itself',
    matches: textStarts(/^version https:\/\/git-lfs\.github\.com/),
  },
  {
    what: 'an HDF5 file: a Keras model or its weights',
    advice: KERAS_ADVICE,
    matches: startsWith(0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a),
  },
  {
    what: 'a TensorFlow Lite model',
    advice: TF_ADVICE,
    matches: (head) => head.subarray(4, 8).toString('latin1') === 'TFL3',
  },
  {
    what: 'a zip archive: a .keras model, PyTorch weights or packed files',
    advice: `Unpack it if it holds a SavedModel. ${KERAS_ADVICE}; PyTorch models need a conversion to TensorFlow`,
    matches: startsWith(0x50, 0x4b, 0x03, 0x04),
  },
  {
    what: 'a Python pickle, such as PyTorch weights',
    advice: 'TF-Serving runs TensorFlow graphs only: convert the model to TensorFlow first',
    matches: (head) => head[0] === 0x80 && head[1]! >= 2 && head[1]! <= 5,
  },
  {
    what: 'a gzip file',
    advice: 'Name it .tar.gz if it is an archive of a model, otherwise unpack it with gunzip',
    matches: startsWith(0x1f, 0x8b),
  },
  {
    what: 'a tar archive',
    advice: 'Unpack it, or pack it as .tar.gz',
    matches: (head) => head.toString('latin1', TAR_MARK, TAR_MARK + 5) === 'ustar',
  },
  {
    what: 'a graph as text (.pbtxt)',
    advice:
      'Only binary graphs can be exported: write it with as_text=False, or tf.io.write_graph(..., as_text=False)',
    matches: textStarts(
      /^\s*(#[^\n]*\n\s*)*(node|meta_graphs|meta_info_def|library|versions)\s*\{/,
    ),
  },
  {
    what: 'a SavedModel as text (saved_model.pbtxt)',
    advice: 'Only binary SavedModels can be exported: save it again with as_text=False',
    matches: textStarts(/^\s*saved_model_schema_version\s*:/),
  },
  {
    what: 'a pipeline.config or label map, not a model',
    advice: 'Name the frozen graph, the checkpoint or the SavedModel beside it',
    matches: textStarts(/^\s*(#[^\n]*\n\s*)*(model|item|train_config|eval_config)\s*:?\s*\{/),
  },
  {
    what: 'the list of checkpoints (checkpoint), not a checkpoint',
    advice: 'Name its directory, or the prefix of a checkpoint in it, such as model.ckpt',
    matches: textStarts(/^\s*(model_checkpoint_path|all_model_checkpoint_paths)\s*:/),
  },
  {
    what: 'a web page, probably the answer to a failed download',
    advice: 'Download it again and look at what the address answers',
    matches: textStarts(/^\s*<(!doctype html|html|head)/i),
  },
  {
    what: 'an XML file, such as an OpenVINO model',
    advice: TF_ADVICE,
    matches: textStarts(/^\s*<\?xml/),
  },
  {
    what: 'a JSON file, such as a TensorFlow.js model',
    advice: TF_ADVICE,
    matches: textStarts(/^\s*\{\s*"/),
  },
  {
    what: 'a safetensors file: weights without a graph',
    advice: 'TF-Serving runs TensorFlow graphs only: convert the model to TensorFlow first',
    matches: (head) => head[8] === 0x7b && head[9] === 0x22 && head.readUInt32LE(4) === 0,
  },
  {
    what: 'a picture',
    advice: 'Name a model; pictures go to `detect` and to `--warmup`',
    matches: (head) =>
      startsWith(0xff, 0xd8, 0xff)(head) || startsWith(0x89, 0x50, 0x4e, 0x47)(head),
  },
]

/** Throws `ExportError` with a name and what to do when the beginning of a file is that of a well-known other kind. */
export function assertNotForeign(path: string, head: Uint8Array): void {
  if (head.length === 0) {
    throw new ExportError(`${path}: is empty. Copy or download it again`)
  }
  // Padded, so that a test may look beyond the end of a short file.
  const padded = Buffer.concat([head, Buffer.alloc(16)])
  const found = FOREIGN_FILES.find(({ matches }) => matches(padded))
  if (found !== undefined) throw new ExportError(`${path}: is ${found.what}. ${found.advice}`)
  if (head.every((byte) => byte === 0)) {
    throw new ExportError(
      `${path}: begins with nothing but zeros: an interrupted copy or download. Get it again`,
    )
  }
}
