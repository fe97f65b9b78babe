import { UsherError } from '../lib/errors.ts';
import type { AppId } from '../lib/ids.ts';
import * as store from '../store/app-logos.ts';
import { updateApp } from '../store/apps.ts';
import { beginAppChange, logAppEvent } from './app-change.ts';
import { authorize } from './authorize.ts';
import type { Context } from './context.ts';

/** Bytes of a logo; also Okta's limit. */
export const logoBytesMax = 1_048_576;

/**
 * Stores an app's logo in place of its catalog entry's. What kind of picture it is its first bytes say, whatever the
 * name or the sender claims.
 *
 * @throws {UsherError} `not_found`; `invalid_input` for what is no PNG, JPEG, GIF or SVG, or is too large.
 */
export async function setLogo(context: Context, appId: AppId, bytes: Uint8Array): Promise<void> {
  const type = logoTypeOf(bytes);
  await context.db.transaction(async (tx) => {
    const app = await beginAppChange(tx, appId);
    await authorize(context, tx, 'apps.manage', { apps: [appId] });
    await store.saveLogo(tx, appId, bytes);
    await updateApp(tx, appId, { logoType: type });
    await logAppEvent(context, tx, app, 'application.lifecycle.update', { debug: { changed: ['logo'] } });
  });
}

/** @throws {UsherError} `invalid_input` for what is no PNG, JPEG, GIF or SVG, or is too large. */
export function logoTypeOf(bytes: Uint8Array): string {
  const type = bytes.byteLength > logoBytesMax ? undefined : mediaTypeOf(bytes);
  if (type !== undefined) return type;
  const reason = bytes.byteLength > logoBytesMax ? 'is larger than 1 MB' : 'must be a PNG, JPEG, GIF or SVG picture';
  throw new UsherError('invalid_input', `The logo cannot be used: it ${reason}.`, {
    causes: [{ field: 'file', reason }],
  });
}

const signatures: readonly (readonly [type: string, bytes: readonly number[]])[] = [
  ['image/png', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ['image/jpeg', [0xff, 0xd8, 0xff]],
  ['image/gif', [0x47, 0x49, 0x46, 0x38]],
];

function mediaTypeOf(bytes: Uint8Array): string | undefined {
  const raster = signatures.find(([, signature]) => signature.every((byte, index) => bytes[index] === byte));
  if (raster !== undefined) return raster[0];
  const start = new TextDecoder()
    .decode(bytes.subarray(0, 1_024))
    .replace(/^\uFEFF/, '')
    .trimStart();
  return /^(<\?xml[^>]*>\s*)?(<!--[^>]*-->\s*)*<svg[\s>]/i.test(start) ? 'image/svg+xml' : undefined;
}
