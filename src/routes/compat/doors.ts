import type { FastifyPluginAsync } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { Door } from '../../compat.js'
import { deepstackRoutes } from './deepstack.js'
import { doodsRoutes } from './doods.js'
import type { DoorOptions } from './door.js'
import { maxRoutes } from './max.js'
import { oipRoutes } from './oip.js'
import { tfservingRoutes } from './tfserving.js'

const ROUTES: Readonly<Record<Door, FastifyPluginAsyncZod<DoorOptions>>> = {
  deepstack: deepstackRoutes,
  doods: doodsRoutes,
  max: maxRoutes,
  tfserving: tfservingRoutes,
  oip: oipRoutes,
}

/** Opens the doors of other systems; each is a context of its own, so that its errors have its own shape. */
export const doorRoutes: FastifyPluginAsync<
  DoorOptions & { readonly open: readonly Door[] }
> = async (app, { open, limits }) => {
  for (const door of open) await app.register(ROUTES[door], { limits })
}
