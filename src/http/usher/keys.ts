import { listKeys, rotateKeys, type KeysView } from '../../services/data-keys.ts';
import type { Api } from '../api.ts';
import type { ServerDeps } from '../deps.ts';
import { may } from '../policy.ts';
import { contextOf } from '../request-context.ts';

/** What secrets are sealed with. To replace it takes what granting every role takes. */
export function keyRoutes(api: Api, deps: ServerDeps): void {
  api.get('/keys', { config: may('org.read') }, async (request) => present(await listKeys(contextOf(deps, request))));
  api.post('/keys/rotate', { config: may('roles.manage') }, async (request, reply) => {
    const keys = await rotateKeys(contextOf(deps, request));
    return reply.code(202).send(present(keys));
  });
}

function present({ rotation, ...keys }: KeysView) {
  return { ...keys, rotation: rotation ?? null };
}
