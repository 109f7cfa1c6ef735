/** The methods of every path, to tell an unknown path from a path that is asked the wrong way. */
export class RouteTable {
  readonly #routes = new Map<string, { pattern: RegExp; methods: Set<string> }>()

  /** Takes a route in Fastify's notation: `:name` is one part of the path, `::` a colon, a final `*` the rest. */
  add(method: string | readonly string[], url: string): void {
    // A route for everything says nothing about any path.
    if (url === '*' || url === '/*') return
    const route = this.#routes.get(url) ?? { pattern: toPattern(url), methods: new Set<string>() }
    for (const one of [method].flat()) route.methods.add(one)
    this.#routes.set(url, route)
  }

  /** The methods that the path answers, in alphabetical order; empty for an unknown path. */
  methodsOf(path: string): string[] {
    const found = [...this.#routes.values()].filter(({ pattern }) => pattern.test(path))
    return [...new Set(found.flatMap(({ methods }) => [...methods]))].sort()
  }
}

/** A route in words for metrics and logs: `/v1/models/:model:predict`, without what constrains its parameters. */
export function routeName(url: string): string {
  return url.replace(NOTATION, (found: string) =>
    found === '::' ? ':' : found.replace(/\(.*/, ''),
  )
}

/** `::` is a colon, `:name` a parameter, `:name(^pattern)` one that is constrained. */
const NOTATION = /::|:[A-Za-z0-9_]+(?:\(\^((?:[^()]|\\.)*)\))?|\*|[.+?^${}()|[\]\\]/g

function toPattern(url: string): RegExp {
  const source = url.replace(NOTATION, (found: string, constraint: string | undefined) => {
    if (found === '::') return ':'
    if (found === '*') return '.*'
    return found.startsWith(':') ? (constraint ?? '[^/]+') : `\\${found}`
  })
  return new RegExp(`^${source}$`)
}
