import { conformanceAttributes } from '../../src/connectors/conformance.ts';
import type { Connection } from '../../src/connectors/contract.ts';
import { scim } from '../../src/connectors/scim/index.ts';
import type { ScimAuth } from '../../src/connectors/scim/settings.ts';
import type { AttributeDefinitions } from '../../src/domain/profile-schema.ts';
import { parseEgressRules } from '../../src/lib/egress.ts';
import type { Json, JsonObject } from '../../src/lib/json.ts';
import { createHttpClient } from '../../src/lib/undici-http-client.ts';

export interface OpenScimOptions {
  readonly auth?: ScimAuth;
  readonly attributes?: AttributeDefinitions;
  readonly quirks?: JsonObject;
  readonly pageSize?: number;
  readonly uniqueAttribute?: string;
  readonly timeoutMs?: number;
  /** The capability record to begin with; what is learned is merged into it. */
  readonly learned?: { [fact: string]: Json };
}

/** Opens a SCIM connection to an app on this machine the way the engine does. */
export function openScim(baseUrl: string, options: OpenScimOptions = {}): Connection {
  const http = createHttpClient({
    egress: parseEgressRules(['127.0.0.0/8']),
    timeoutMs: options.timeoutMs ?? 10_000,
    connections: 32,
  });
  const learned = options.learned ?? {};
  const connection = scim.open({
    settings: { baseUrl, auth: options.auth ?? { scheme: 'bearer', token: 'secret' } },
    attributes: options.attributes ?? conformanceAttributes,
    quirks: options.quirks ?? {},
    learned: { ...learned },
    learn: (facts) => void Object.assign(learned, facts),
    http,
    pageSize: options.pageSize ?? 100,
    ...(options.uniqueAttribute === undefined ? {} : { uniqueAttribute: options.uniqueAttribute }),
  });
  return { ...connection, close: () => http.close() };
}
