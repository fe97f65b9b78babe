import { Type } from 'typebox';
import type { GroupOwner, OwnerId } from '../../../domain/group-owner.ts';
import type { GroupId } from '../../../lib/ids.ts';
import { addGroupOwner, listGroupOwners, removeGroupOwner } from '../../../services/group-owners.ts';
import type { Api } from '../../api.ts';
import type { ServerDeps } from '../../deps.ts';
import { afterId, pageOf } from '../../links.ts';
import { may } from '../../policy.ts';
import { defined, given, pageLimit } from '../../query-values.ts';
import { contextOf } from '../../request-context.ts';
import { oktaDate } from '../dates.ts';
import { wordsOfSearch } from '../errors.ts';
import { IdOf, PageQuery, Text } from '../schema.ts';

const GroupParams = Type.Object({ groupId: IdOf<GroupId>() });
const OwnerBody = Type.Object({ id: IdOf<OwnerId>(), type: Type.Enum(['USER', 'GROUP']) });

export function groupOwnerRoutes(api: Api, deps: ServerDeps): void {
  const listing = {
    config: { ...may('groups.read'), okta: wordsOfSearch },
    schema: { params: GroupParams, querystring: Type.Object({ ...PageQuery, search: Text }) },
  };
  api.get('/groups/:groupId/owners', listing, async (request, reply) => {
    const limit = pageLimit(request.query.limit, { fallback: 1_000, most: 1_000 });
    const asked = defined({ after: afterId<OwnerId>(deps, request), search: given(request.query.search) });
    const page = { ...asked, limit: limit + 1 };
    const rows = await listGroupOwners(contextOf(deps, request), request.params.groupId, page);
    return pageOf(deps, reply, { rows, limit, cursorOf: (owner) => owner.id }).map(presentOwner);
  });

  const addition = { config: may('groups.manage'), schema: { params: GroupParams, body: OwnerBody } };
  api.post('/groups/:groupId/owners', addition, async (request, reply) => {
    const owner = await addGroupOwner(contextOf(deps, request), request.params.groupId, request.body);
    return reply.code(201).send(presentOwner(owner));
  });

  const params = Type.Object({ groupId: IdOf<GroupId>(), ownerId: IdOf<OwnerId>() });
  api.delete(
    '/groups/:groupId/owners/:ownerId',
    { config: may('groups.manage'), schema: { params } },
    async (request, reply) => {
      await removeGroupOwner(contextOf(deps, request), request.params.groupId, request.params.ownerId);
      return reply.code(204).send();
    },
  );
}

/** Owners are always of this directory, so that there is no other place they could come from. */
function presentOwner({ id, type, displayName, lastUpdated }: GroupOwner) {
  return {
    id,
    type,
    displayName,
    lastUpdated: oktaDate(lastUpdated),
    originId: null,
    originType: 'OKTA_DIRECTORY',
    resolved: true,
  };
}
