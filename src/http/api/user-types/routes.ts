import { Type } from 'typebox';
import {
  createUserType,
  deleteUserType,
  getUserType,
  listUserTypes,
  updateUserType,
} from '../../../services/user-types.ts';
import type { Api } from '../../api.ts';
import type { ServerDeps } from '../../deps.ts';
import { baseOf } from '../../links.ts';
import { may } from '../../policy.ts';
import { contextOf } from '../../request-context.ts';
import { Nullable } from '../schema.ts';
import { presentUserType } from './present.ts';

const KeyParams = Type.Object({ key: Type.String() });
const WholeBody = Type.Object({
  name: Type.String(),
  displayName: Type.String(),
  description: Nullable(Type.String()),
});
const PartBody = Type.Object({
  name: Nullable(Type.String()),
  displayName: Nullable(Type.String()),
  description: Nullable(Type.String()),
});

export function userTypeRoutes(api: Api, deps: ServerDeps): void {
  api.get('/meta/types/user', { config: may('schemas.read') }, async (request) => {
    const types = await listUserTypes(contextOf(deps, request));
    return types.map((type) => presentUserType(type, baseOf(deps, request)));
  });

  api.post('/meta/types/user', { config: may('schemas.manage'), schema: { body: WholeBody } }, async (request) => {
    const type = await createUserType(contextOf(deps, request), wholeOf(request.body));
    return presentUserType(type, baseOf(deps, request));
  });

  const reading = { config: may('schemas.read'), schema: { params: KeyParams } };
  api.get('/meta/types/user/:key', reading, async (request) =>
    presentUserType(await getUserType(contextOf(deps, request), request.params.key), baseOf(deps, request)),
  );

  const part = { config: may('schemas.manage'), schema: { params: KeyParams, body: PartBody } };
  api.post('/meta/types/user/:key', part, async (request) => {
    const { name, displayName, description } = request.body;
    const type = await updateUserType(contextOf(deps, request), request.params.key, {
      ...(name == null ? {} : { name }),
      ...(displayName == null ? {} : { displayName }),
      ...(description === undefined ? {} : { description }),
    });
    return presentUserType(type, baseOf(deps, request));
  });

  const whole = { config: may('schemas.manage'), schema: { params: KeyParams, body: WholeBody } };
  api.put('/meta/types/user/:key', whole, async (request) => {
    const type = await updateUserType(contextOf(deps, request), request.params.key, wholeOf(request.body));
    return presentUserType(type, baseOf(deps, request));
  });

  const config = { ...may('schemas.manage'), okta: { wrongState: [400, 'E0000001'] as const } };
  api.delete('/meta/types/user/:key', { config, schema: { params: KeyParams } }, async (request, reply) => {
    await deleteUserType(contextOf(deps, request), request.params.key);
    return reply.code(204).send();
  });
}

function wholeOf({ name, displayName, description }: Type.Static<typeof WholeBody>) {
  return { name, displayName, description: description ?? null };
}
