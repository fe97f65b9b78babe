import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { errorCodes } from 'fastify';
import { Type } from 'typebox';
import type { RunId } from '../../lib/ids.ts';
import type { AppContext } from '../../services/context.ts';
import { importPeople, type ImportOptions } from '../../services/people-import.ts';
import { findRun } from '../../store/runs.ts';
import type { Api } from '../api.ts';
import { Text } from '../api/schema.ts';
import type { ServerDeps } from '../deps.ts';
import { may } from '../policy.ts';
import { flag } from '../query-values.ts';
import { contextOf } from '../request-context.ts';
import { presentRun } from './present-run.ts';

const csvBytesMax = 50 * 1_048_576;

/**
 * Loads of people. The file is kept on disk while it is loaded, so that the caller has an answer as soon as it has
 * arrived whole; how it goes is told by the run. A server that closes finishes the loads it has begun.
 */
export async function importRoutes(api: Api, deps: ServerDeps): Promise<void> {
  const loads = new Set<Promise<void>>();
  api.addHook('onClose', async () => void (await Promise.all(loads)));
  await api.register(async (csv: Api) => {
    csv.addContentTypeParser(
      'text/csv',
      { bodyLimit: csvBytesMax },
      async (_request: unknown, payload: Readable) => payload,
    );

    const ImportQuery = Type.Object({ dryRun: Text, createAttributes: Text, activate: Text });
    const options = { config: may('users.import'), bodyLimit: csvBytesMax, schema: { querystring: ImportQuery } };
    csv.post('/imports/people', options, async (request, reply) => {
      const { dryRun, createAttributes, activate } = request.query;
      const choices = {
        dryRun: flag('dryRun', dryRun, false),
        createAttributes: flag('createAttributes', createAttributes, false),
        activate: flag('activate', activate, true),
      };
      const file = join(tmpdir(), `usher-people-${randomUUID()}.csv`);
      await keep(request.body, file);
      const { runId, finished } = start(contextOf(deps, request), file, choices);
      const load = finished.then(
        () => undefined,
        (error: unknown) => request.log.error({ err: error }, 'load of people failed'),
      );
      loads.add(load);
      void load.then(() => loads.delete(load));
      const run = await findRun(deps.db, await Promise.race([runId, finished]));
      return reply.code(202).send(run && presentRun(run));
    });
  });
}

/** Writes an upload to disk, no more of it than is allowed. */
async function keep(body: unknown, file: string): Promise<void> {
  if (!isReadable(body)) throw new errorCodes.FST_ERR_CTP_INVALID_MEDIA_TYPE();
  let bytes = 0;
  const limit = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      bytes += chunk.length;
      if (bytes > csvBytesMax) done(new errorCodes.FST_ERR_CTP_BODY_TOO_LARGE());
      else done(null, chunk);
    },
  });
  try {
    await pipeline(body, limit, createWriteStream(file, { mode: 0o600, flags: 'wx' }));
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  }
}

function isReadable(body: unknown): body is Readable {
  return typeof body === 'object' && body !== null && 'pipe' in body;
}

/** `runId` resolves when the load can be looked at, `finished` when it is over. */
function start(
  context: AppContext,
  file: string,
  options: ImportOptions,
): { readonly runId: Promise<RunId>; readonly finished: Promise<RunId> } {
  const { promise: runId, resolve: onStart } = withResolver<RunId>();
  const finished = importPeople(context, createReadStream(file), { ...options, onStart })
    .then((report) => report.runId)
    .finally(() => rm(file, { force: true }));
  return { runId, finished };
}

function withResolver<Value>(): { readonly promise: Promise<Value>; readonly resolve: (value: Value) => void } {
  let resolve: (value: Value) => void = () => undefined;
  const promise = new Promise<Value>((settle) => (resolve = settle));
  return { promise, resolve };
}
