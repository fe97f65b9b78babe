import type { App } from '../../../domain/app.ts';
import { isJsonObject, type Json } from '../../../lib/json.ts';

/** The page an app's tile leads to; null where its settings name none. */
export function addressOf({ settings }: Pick<App, 'settings'>): string | null {
  const { app, signOn, oauthClient } = settings;
  const known = [
    ...[at(app, 'url'), at(app, 'targetURL'), at(app, 'siteURL'), at(signOn, 'loginUrl')],
    ...[at(oauthClient, 'initiate_login_uri'), at(oauthClient, 'client_uri')],
  ];
  return known.find((address) => typeof address === 'string' && /^https?:\/\//i.test(address)) ?? null;
}

function at(part: Json | undefined, name: string): string | undefined {
  const value = isJsonObject(part) ? part[name] : undefined;
  return typeof value === 'string' ? value : undefined;
}
