import type { Readable } from 'node:stream';
import { errorCodes } from 'fastify';
import { Type } from 'typebox';
import type { AppId, GroupId } from '../../lib/ids.ts';
import { orderGroups } from '../../services/app-group-order.ts';
import { assignmentActions, startAssignmentRun, type Whom } from '../../services/runs/assignments.ts';
import { beginRun } from '../../services/runs/control.ts';
import { readSubjects } from '../../services/runs/subjects-csv.ts';
import type { Api } from '../api.ts';
import { IdOf, Text } from '../api/schema.ts';
import type { ServerDeps } from '../deps.ts';
import { may } from '../policy.ts';
import { defined, invalidValue } from '../query-values.ts';
import { contextOf } from '../request-context.ts';
import { presentRun } from './present-run.ts';

const closed = { additionalProperties: false };
const AppParams = Type.Object({ appId: IdOf<AppId>() });
const Action = Type.Enum([...assignmentActions]);
const subjectsMax = 10_000;
const csvBytesMax = 50 * 1_048_576;

/** Giving an app to many people and taking it from them, as runs; and the order of its groups. */
export async function assignmentRunRoutes(api: Api, deps: ServerDeps): Promise<void> {
  const Subjects = Type.Optional(Type.Array(Type.String(), { minItems: 1, maxItems: subjectsMax }));
  const RunBody = Type.Object(
    {
      action: Action,
      users: Subjects,
      q: Text,
      search: Text,
      filter: Text,
      all: Type.Optional(Type.Literal(true)),
    },
    closed,
  );
  const start = { config: may('apps.assign'), schema: { params: AppParams, body: RunBody } };
  api.post('/apps/:appId/assignment-runs', start, async (request, reply) => {
    const context = contextOf(deps, request);
    const { action, ...whom } = request.body;
    const runId = await startAssignmentRun(context, request.params.appId, action, whomOf(whom));
    return reply.code(202).send(presentRun(await beginRun(context, runId)));
  });

  const OrderBody = Type.Array(
    Type.Object({ groupId: IdOf<GroupId>(), priority: Type.Integer({ minimum: 0, maximum: 2_147_483_647 }) }, closed),
    { minItems: 1, maxItems: 1_000 },
  );
  const order = { config: may('apps.assign'), schema: { params: AppParams, body: OrderBody } };
  api.put('/apps/:appId/group-priorities', order, async (request) =>
    orderGroups(contextOf(deps, request), request.params.appId, request.body),
  );

  await api.register(async (csv: Api) => {
    csv.addContentTypeParser('text/csv', { bodyLimit: csvBytesMax }, async (_request: unknown, file: Readable) => file);
    const CsvQuery = Type.Object({ action: Action });
    const upload = {
      config: may('apps.assign'),
      bodyLimit: csvBytesMax,
      schema: { params: AppParams, querystring: CsvQuery },
    };
    csv.post('/apps/:appId/assignment-runs/csv', upload, async (request, reply) => {
      const context = contextOf(deps, request);
      const subjects = await readSubjects(readable(request.body), csvBytesMax);
      const runId = await startAssignmentRun(context, request.params.appId, request.query.action, { subjects });
      return reply.code(202).send(presentRun(await beginRun(context, runId)));
    });
  });
}

interface Asked {
  readonly users?: readonly string[];
  readonly q?: string;
  readonly search?: string;
  readonly filter?: string;
  readonly all?: true;
}

function whomOf({ users, q, search, filter, all }: Asked): Whom {
  const asked = q !== undefined || search !== undefined || filter !== undefined;
  if ([users !== undefined, asked, all === true].filter(Boolean).length !== 1) {
    throw invalidValue('users', 'or a search (q, search, filter) or all must be given, and one of them only');
  }
  if (users !== undefined) return { subjects: users };
  return all === true ? 'all' : defined({ prefix: q, search, filter });
}

function readable(body: unknown): AsyncIterable<Uint8Array> {
  if (isReadable(body)) return body;
  throw new errorCodes.FST_ERR_CTP_INVALID_MEDIA_TYPE();
}

function isReadable(body: unknown): body is Readable {
  return typeof body === 'object' && body !== null && 'pipe' in body;
}
