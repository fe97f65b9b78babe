import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { afterAll, expect } from 'vitest';
import type { AdminRole } from '../src/domain/admin-role.ts';
import { createMetrics } from '../src/http/metrics.ts';
import type { ServerDeps } from '../src/http/deps.ts';
import { buildServer } from '../src/http/server.ts';
import { parseEgressRules } from '../src/lib/egress.ts';
import { newId, type UserId } from '../src/lib/ids.ts';
import { hashToken } from '../src/services/api-tokens.ts';
import { bootstrapOrg } from '../src/services/bootstrap.ts';
import { insertRole } from '../src/store/admins.ts';
import { insertToken } from '../src/store/api-tokens.ts';
import { findUser } from '../src/store/users.ts';
import { watchAnswers } from './answers.ts';
import { openAppTest, type AppTest } from './app-context.ts';
import type { TestDatabase } from './database.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD';

export interface CallOptions {
  /** Null sends none; left out is the owner's. */
  readonly token?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface HttpTest extends AppTest {
  readonly deps: ServerDeps;
  readonly server: FastifyInstance;
  readonly ownerId: UserId;
  readonly ownerToken: string;
  /**
   * Sends a request without a network. An object is sent as JSON, a string as it is. Fails when the answer is not what
   * the API reference declares.
   */
  call(method: Method, url: string, body?: unknown, options?: CallOptions): Promise<LightMyRequestResponse>;
  /** A token of a new administrator with these roles. */
  addToken(...roles: readonly AdminRole[]): Promise<string>;
}

export const ownerToken = 'test-bootstrap-token-0123456789abcdef';

/** The whole HTTP server on a fresh, bootstrapped database, with the fake connector of `openAppTest`. */
export async function openHttpTest(database: TestDatabase, changes: Partial<ServerDeps> = {}): Promise<HttpTest> {
  const on = await openAppTest(database);
  const { org } = await bootstrapOrg(on.db, { token: ownerToken });
  const owner = await findUser(on.db, 'owner@usher.local');
  const deps: ServerDeps = {
    ...on.context,
    org,
    metrics: createMetrics(),
    settings: { requestsPerMinute: 1_000_000 },
    system: {
      version: '0.0.0-test',
      started: on.context.clock.now(),
      dataFolder: undefined,
      workerSlots: 4,
      egressAllow: [],
    },
    egress: () => parseEgressRules([]),
    readiness: () => [],
    ...changes,
  };
  const server = buildServer(deps);
  const faults = watchAnswers(server);
  afterAll(async () => {
    await server.close();
    expect(faults).toEqual([]);
  });
  await server.ready();
  return {
    ...on,
    deps,
    server,
    ownerId: owner?.id ?? ('' as UserId),
    ownerToken,
    call: async (method, url, body, { token = ownerToken, headers = {} } = {}) => {
      const known = faults.length;
      const answer = await server.inject({
        method,
        url,
        headers: {
          ...(token === null ? {} : { authorization: `SSWS ${token}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      expect(faults.slice(known), 'answers that the API reference does not declare').toEqual([]);
      return answer;
    },
    addToken: async (...roles) => {
      const userId = await on.addUser(`${newId('user').toLowerCase()}@admins.example`);
      const value = `00${newId('token')}${newId('token')}`;
      await on.db.transaction(async (tx) => {
        for (const role of roles) await insertRole(tx, { userId }, role);
        await insertToken(tx, { id: newId('token'), name: 'test', userId, expires: null, hash: hashToken(value) });
      });
      return value;
    },
  };
}
