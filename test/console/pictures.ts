import { join } from 'node:path';
import type { Page } from 'playwright-core';

/** Where the pictures of docs/guides go; nowhere unless it is asked for. */
const guides = process.env['USHER_GUIDE_PICTURES'];

/** True once all images in sight are there. */
const haveImages = `[...document.images].every(
  (image) => image.complete || image.getBoundingClientRect().top > innerHeight)`;

/** What is on the way, such as a dialog that closes, is drawn as it ends. */
export async function guidePicture(page: Page, name: string, { fullPage = false } = {}): Promise<void> {
  if (guides === undefined) return;
  if (fullPage) await page.evaluate('scrollTo(0, 0)');
  await page.waitForFunction(haveImages);
  await page.screenshot({ path: join(guides, `${name}.png`), fullPage, animations: 'disabled' });
}
