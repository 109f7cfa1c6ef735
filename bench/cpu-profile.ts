import { readFile } from 'node:fs/promises'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'

interface ProfileNode {
  readonly id: number
  readonly callFrame: { functionName: string; url: string; lineNumber: number }
  readonly children?: readonly number[]
}

interface CpuProfile {
  readonly nodes: readonly ProfileNode[]
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
}

/** Milliseconds of one function, package or file. */
export interface Cost {
  readonly name: string
  readonly ms: number
}

/** Where the main thread spent the time of one photo; while it waits for a core, too. */
export interface ProfileSummary {
  /** Milliseconds in which it did anything. */
  readonly busyMs: number
  /** Time in the function itself. */
  readonly functions: readonly Cost[]
  /** Time in the functions of a package, or of a file of this project, and in what they call of Node and V8. */
  readonly owners: readonly Cost[]
}

const IDLE = new Set(['(idle)', '(program)', '(root)'])

/** The file of this project, the package, or the module of Node that a frame belongs to. */
function ownerOf(url: string): string {
  const inPackage = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)
  if (inPackage) return inPackage[1]!
  if (url.startsWith('file:')) return relative(process.cwd(), fileURLToPath(url))
  return url
}

/** Whether time in a frame is its caller's: Node's own modules and V8's built-ins work for whoever called them. */
function isForCaller(url: string): boolean {
  return url === '' || url.startsWith('node:')
}

function add(costs: Map<string, number>, name: string, ms: number): void {
  costs.set(name, (costs.get(name) ?? 0) + ms)
}

function sorted(costs: ReadonlyMap<string, number>): Cost[] {
  return [...costs].map(([name, ms]) => ({ name, ms })).sort((a, b) => b.ms - a.ms)
}

/** Gives each node the owner of itself or of the nearest caller that has one. */
function findOwners(nodes: readonly ProfileNode[]): Map<number, string> {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const owners = new Map<number, string>()
  const visit = (node: ProfileNode, inherited: string) => {
    const { url, functionName } = node.callFrame
    const isCollector = functionName === '(garbage collector)'
    const own = isForCaller(url) ? inherited : ownerOf(url)
    const owner = isCollector ? functionName : own
    owners.set(node.id, owner)
    for (const child of node.children ?? []) visit(byId.get(child)!, owner)
  }
  visit(nodes[0]!, '(node)')
  return owners
}

/** Sums up a CPU profile, for one of `photos` photos. */
export async function summarizeProfile(file: string, photos: number): Promise<ProfileSummary> {
  const profile = JSON.parse(await readFile(file, 'utf8')) as CpuProfile
  const byId = new Map(profile.nodes.map((node) => [node.id, node]))
  const owners = findOwners(profile.nodes)
  const functions = new Map<string, number>()
  const byOwner = new Map<string, number>()
  let busyMs = 0
  for (const [index, id] of profile.samples.entries()) {
    const { functionName, url, lineNumber } = byId.get(id)!.callFrame
    if (IDLE.has(functionName)) continue
    const ms = profile.timeDeltas[index]! / 1000 / photos
    const place = url === '' ? '' : ` ${ownerOf(url)}:${lineNumber + 1}`
    add(functions, `${functionName || '(anonymous)'}${place}`, ms)
    add(byOwner, owners.get(id)!, ms)
    busyMs += ms
  }
  return { busyMs, functions: sorted(functions), owners: sorted(byOwner) }
}
