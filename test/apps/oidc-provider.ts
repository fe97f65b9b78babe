import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';

export const clientId = 'usher';
export const clientSecret = 'a-client-secret-of-usher';

/** A real OpenID Connect provider with its own sign-in page, where any password will do and the login is the subject. */
export interface RunningProvider {
  readonly issuer: string;
  /** What it says of people, by subject; of others it says their subject as a verified e-mail address. */
  readonly claims: Map<string, Readonly<Record<string, unknown>>>;
  /** Plants a fault: what the claims of the next ID tokens become, and whether another key signs them. */
  plant: ((claims: Record<string, unknown>) => Record<string, unknown>) | undefined;
  plantKey: boolean;
  close(): Promise<void>;
}

export async function startOidcProvider(redirectUris: readonly string[], port = 0): Promise<RunningProvider> {
  const server = createServer({ keepAliveTimeout: 60_000 });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const [own, foreign] = [newKey(), newKey()];
  const running: RunningProvider = {
    issuer,
    claims: new Map(),
    plant: undefined,
    plantKey: false,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  const provider = new Provider(issuer, {
    clients: [{ client_id: clientId, client_secret: clientSecret, redirect_uris: [...redirectUris] }],
    jwks: { keys: [{ ...own.export({ format: 'jwk' }), kid: 'own', use: 'sig', alg: 'RS256' }] },
    cookies: { keys: ['a key of cookies for tests'] },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['preferred_username'] },
    findAccount: (_context, sub) => ({
      accountId: sub,
      claims: () => ({ sub, ...(running.claims.get(sub) ?? { email: sub, email_verified: true }) }),
    }),
  });
  provider.on('server_error', (_context, error) => console.error(error));
  const handle = provider.callback();
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (request.url === '/token') resign(response, running, () => (running.plantKey ? foreign : own));
    void handle(request, response);
  });
  return running;
}

function newKey() {
  return createPrivateKey(
    generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }),
  );
}

/** Signs the ID token of an answer anew, where a fault is planted. */
function resign(response: ServerResponse, running: RunningProvider, keyOf: () => ReturnType<typeof newKey>): void {
  const end = response.end.bind(response);
  response.end = ((body?: unknown) => {
    const { plant, plantKey } = running;
    const text = String(body ?? '');
    if (!text.includes('id_token') || (plant === undefined && !plantKey)) return end(body);
    const answer: { id_token: string } = JSON.parse(text);
    const [head = '', payload = ''] = answer.id_token.split('.');
    const claims: Record<string, unknown> = JSON.parse(Buffer.from(payload, 'base64url').toString());
    const changed = Buffer.from(JSON.stringify(plant?.(claims) ?? claims)).toString('base64url');
    const signature = sign('sha256', Buffer.from(`${head}.${changed}`), keyOf()).toString('base64url');
    const forged = JSON.stringify({ ...answer, id_token: `${head}.${changed}.${signature}` });
    response.setHeader('content-length', Buffer.byteLength(forged));
    return end(forged);
  }) as typeof response.end;
}
