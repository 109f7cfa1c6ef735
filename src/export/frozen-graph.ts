import { openSource } from './byte-source.js'
import { detectorGraph, writeDetectorGraph } from './detector-graph.js'
import { readGraph } from './graph.js'
import type { VersionOptions, WrittenVersion } from './written-version.js'

/**
 * Writes a frozen graph of the Object Detection API as a SavedModel into `directory`. Throws `ExportError` when it is
 * damaged, no detector, or would pass protobuf's 2 GiB with its weights as constants.
 */
export async function writeFrozenGraph(
  file: string,
  directory: string,
  options: VersionOptions = {},
): Promise<WrittenVersion> {
  const source = openSource(file)
  try {
    const graph = readGraph(source, [{ start: 0, end: source.size }])
    return await writeDetectorGraph(detectorGraph(graph), directory, options)
  } finally {
    source.close()
  }
}
