import type { App } from '../../../domain/app.ts';

/** The app's logo: the one uploaded for it, else its catalog entry's; undefined where there is neither. */
export function logoLink(
  { id, catalogKey, logoType }: Pick<App, 'id' | 'catalogKey' | 'logoType'>,
  base: string,
): { readonly href: string; readonly type: string } | undefined {
  if (logoType !== null) return { href: `${base}/usher/v1/apps/${id}/logo`, type: logoType };
  if (catalogKey === null) return undefined;
  return { href: `${base}/usher/v1/catalog/apps/${catalogKey}/logo`, type: 'image/svg+xml' };
}
