import { Client } from '@okta/okta-sdk-nodejs';
import { describe } from 'vitest';
import { serverUrl } from '../database.ts';
import { embeddedHome, serverHome, startUsherProcess, type UsherHome, type UsherProcess } from '../usher-process.ts';

/** Okta's own client, pointed at a Usher that runs as a process of its own. */
export interface SdkTest {
  readonly client: Client;
  readonly usher: UsherProcess;
  close(): Promise<void>;
}

export async function openSdk(home: UsherHome): Promise<SdkTest> {
  const usher = await startUsherProcess(home);
  // With the slash its README writes, so that it asks for //api/v1/…; without its cache, which keeps what changes here.
  const settings = { orgUrl: `${usher.url}/`, token: usher.token, cacheMiddleware: null };
  return {
    client: new Client(settings),
    usher,
    close: async () => {
      await usher.stop();
      await home.remove();
    },
  };
}

export function describeWithHomes(name: string, body: (makeHome: () => Promise<UsherHome>) => void): void {
  describe(`${name} [pglite]`, () => body(embeddedHome));
  describe.skipIf(serverUrl === undefined)(`${name} [postgres]`, () => body(serverHome));
}

/** Everything a collection of the SDK gives, over all its pages. */
export async function all<Item>(collection: { each(take: (item: Item) => void): Promise<unknown> }): Promise<Item[]> {
  const items: Item[] = [];
  await collection.each((item) => void items.push(item));
  return items;
}
