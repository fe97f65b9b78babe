import { Type } from 'typebox';
import type { AppId, MappingId, UserId } from '../../lib/ids.ts';
import { checkMapping } from '../../services/app-mappings.ts';
import { beginRun } from '../../services/runs/control.ts';
import { startSynchronization } from '../../services/runs/synchronization.ts';
import type { Api } from '../api.ts';
import { changesOf, MappingBody } from '../api/mappings/routes.ts';
import { bodyOptional, IdOf } from '../api/schema.ts';
import type { ServerDeps } from '../deps.ts';
import { may } from '../policy.ts';
import { contextOf } from '../request-context.ts';
import { presentRun } from './present-run.ts';

const closed = { additionalProperties: false };
const userIdsMax = 10_000;

/** Mappings held against the schemas, and applied again to everybody or to some. */
export function usherMappingRoutes(api: Api, deps: ServerDeps): void {
  const check = {
    config: may('mappings.manage'),
    schema: { params: Type.Object({ mappingId: IdOf<MappingId>() }), body: Type.Partial(MappingBody) },
    preValidation: bodyOptional,
  };
  api.post('/mappings/:mappingId/check', check, async (request) => ({
    findings: await checkMapping(
      contextOf(deps, request),
      request.params.mappingId,
      changesOf(request.body.properties ?? {}),
    ),
  }));

  const synchronization = {
    config: may('mappings.manage'),
    schema: {
      params: Type.Object({ appId: IdOf<AppId>() }),
      body: Type.Object(
        {
          userIds: Type.Optional(Type.Array(IdOf<UserId>(), { minItems: 1, maxItems: userIdsMax })),
          read: Type.Optional(Type.Boolean()),
        },
        closed,
      ),
    },
    preValidation: bodyOptional,
  };
  api.post('/apps/:appId/synchronize', synchronization, async (request, reply) => {
    const context = contextOf(deps, request);
    const runId = await startSynchronization(context, request.params.appId, request.body);
    return reply.code(202).send(presentRun(await beginRun(context, runId)));
  });
}
