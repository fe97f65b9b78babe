import { Type } from 'typebox';
import { matchClaims, providerStatuses } from '../../domain/identity-provider.ts';
import type { IdentityProviderId } from '../../lib/ids.ts';
import {
  addProvider,
  getProvider,
  listProviders,
  removeProvider,
  replaceProvider,
  testProvider,
  unlinkPerson,
} from '../../services/identity-providers.ts';
import type { Api } from '../api.ts';
import { IdOf } from '../api/schema.ts';
import type { ServerDeps } from '../deps.ts';
import { may } from '../policy.ts';
import { contextOf } from '../request-context.ts';
import { redirectUriOf } from './sign-in.ts';

const closed = { additionalProperties: false };
const Claim = Type.Enum([...matchClaims]);
const path = '/identity-providers/:providerId';

/** Where people sign in besides here. Who names a provider decides who is let in as whom: as if they gave roles. */
export function identityProviderRoutes(api: Api, deps: ServerDeps): void {
  const Params = Type.Object({ providerId: IdOf<IdentityProviderId>() });
  const reading = { config: may('roles.read'), schema: { params: Params } };
  const changing = { config: may('roles.manage'), schema: { params: Params } };

  api.get('/identity-providers', { config: may('roles.read') }, async (request) => ({
    redirectUri: redirectUriOf(deps, request),
    providers: await listProviders(contextOf(deps, request)),
  }));
  api.get(path, reading, async (request) => getProvider(contextOf(deps, request), request.params.providerId));

  const { label, issuer, clientId } = { label: Type.String(), issuer: Type.String(), clientId: Type.String() };
  const NewProvider = Type.Object(
    { label, issuer, clientId, clientSecret: Type.String(), matchClaim: Type.Optional(Claim) },
    closed,
  );
  api.post('/identity-providers', { config: may('roles.manage'), schema: { body: NewProvider } }, async (request) => {
    const { matchClaim = 'email', ...rest } = request.body;
    return addProvider(contextOf(deps, request), { ...rest, matchClaim, status: 'ACTIVE' });
  });

  const Provider = Type.Object(
    {
      label,
      issuer,
      clientId,
      clientSecret: Type.Optional(Type.String()),
      matchClaim: Claim,
      status: Type.Enum([...providerStatuses]),
    },
    closed,
  );
  const replacing = { config: may('roles.manage'), schema: { params: Params, body: Provider } };
  api.put(path, replacing, async (request) => {
    const { clientSecret, ...rest } = request.body;
    const input = clientSecret === undefined ? rest : { ...rest, clientSecret };
    return replaceProvider(contextOf(deps, request), request.params.providerId, input);
  });
  api.delete(path, changing, async (request, reply) => {
    await removeProvider(contextOf(deps, request), request.params.providerId);
    return reply.code(204).send();
  });
  api.post(`${path}/test`, changing, async (request) => ({
    findings: await testProvider(contextOf(deps, request), request.params.providerId, redirectUriOf(deps, request)),
  }));

  const LinkParams = Type.Object({ ...Params.properties, userId: Type.String() });
  const unlinking = { config: may('roles.manage'), schema: { params: LinkParams } };
  api.delete(`${path}/links/:userId`, unlinking, async (request, reply) => {
    const { providerId, userId } = request.params;
    await unlinkPerson(contextOf(deps, request), providerId, userId);
    return reply.code(204).send();
  });
}
