import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** The rules that look at colours. What the others look at is the same in light and dark: only the colours change. */
const colourRules = ['color-contrast', 'link-in-text-block'];

/** Axe in the page, told to answer in few words: what is wrong, and with which element. */
const runAxe = (
  rules: readonly string[],
) => `axe.run(document, { runOnly: ${JSON.stringify(rules)}, resultTypes: ['violations'] }).then(({ violations }) =>
  violations.flatMap(({ id, nodes }) => nodes.slice(0, 3).map(({ html, failureSummary }) =>
    id + ' in ' + html.slice(0, 160) + ': ' + failureSummary.split('\\n').slice(1, 2).join(' ').trim())))`;

const widths = [1280, 360] as const;
const schemes = ['light', 'dark'] as const;

/**
 * What axe finds on the page as it stands, and sideways scroll, in light and dark, wide and narrow. Pictures are taken
 * where a file is named for them, without its end. The page is left wide and light.
 */
export async function faultsOf(page: Page, picture: string | undefined): Promise<string[]> {
  const faults: string[] = [];
  await page.evaluate(axe);
  for (const width of widths) {
    await page.setViewportSize({ width, height: 860 });
    await still(page);
    const wide = Number(await page.evaluate('document.documentElement.scrollWidth'));
    if (wide > width) faults.push(`at ${width} px it is ${wide} px wide`);
    for (const scheme of schemes) {
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
      await expect
        .poll(() => page.evaluate('document.documentElement.dataset.mantineColorScheme'), { timeout: 10_000 })
        .toBe(scheme);
      await still(page);
      faults.push(
        ...(await page.evaluate<string[]>(runAxe(scheme === 'light' ? tags : colourRules))).map(
          (fault) => `${scheme} ${width}: ${fault}`,
        ),
      );
      if (picture === undefined) continue;
      await page.evaluate('scrollTo(0, 0)');
      await page.screenshot({ path: `${picture}-${scheme}-${width}.png`, fullPage: true });
    }
  }
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await page.setViewportSize({ width: widths[0], height: 860 });
  return faults;
}

/** What axe finds on the page as it is shown just now, and sideways scroll. */
export async function faultsNow(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  await still(page);
  const sideways = await page.evaluate<boolean>('document.documentElement.scrollWidth > innerWidth');
  return [...(await page.evaluate<string[]>(runAxe(tags))), ...(sideways ? ['it scrolls sideways'] : [])];
}

/** When nothing moves any more: in between, colours and widths are nobody's. */
async function still(page: Page): Promise<void> {
  const drawn = 'new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next)))';
  // What shows that something is loading moves for ever.
  const ends = '({ effect }) => effect?.getComputedTiming().endTime !== Infinity';
  const ended = `Promise.allSettled(document.getAnimations().filter(${ends}).map(({ finished }) => finished))`;
  await page.evaluate(`${drawn}.then(() => ${ended})`);
}
