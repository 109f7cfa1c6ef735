import type { GraphNode } from './weights.js'

/** The node that an input names, without its control mark `^` and its output number `:k`. */
export function nodeName(reference: string): string {
  return reference.replace(/^\^/, '').replace(/:\d+$/, '')
}

/** One input of a node; throws when it has no such input. */
export function inputOf(node: GraphNode, index: number): string {
  const input = node.input?.[index]
  if (input === undefined) throw new Error(`${node.op} ${node.name} lacks its input ${index}`)
  return input
}

/** The vertical and horizontal strides of a convolution in NHWC layout. */
export function stridesOf(node: GraphNode): [number, number] {
  const list = node.attr?.strides?.list as { readonly i?: readonly (string | number)[] } | undefined
  return [Number(list?.i?.[1]), Number(list?.i?.[2])]
}

/** The padding of a convolution. */
export function paddingOf(node: GraphNode): 'same' | 'valid' {
  // Older converters write string attributes as byte arrays, newer ones as base64.
  const text = node.attr?.padding?.s as string | readonly number[] | undefined
  const bytes = typeof text === 'string' ? Buffer.from(text, 'base64') : Buffer.from(text ?? [])
  return bytes.toString('latin1') === 'VALID' ? 'valid' : 'same'
}
