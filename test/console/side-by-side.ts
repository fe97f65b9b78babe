import type { Page } from 'playwright-core';

/** Visits each of the items, in two pages of the same session at a time: a page is waited for more than it computes. */
export async function sideBySide<Item>(
  page: Page,
  items: readonly Item[],
  visit: (page: Page, item: Item) => Promise<void>,
): Promise<void> {
  const left = [...items];
  const lane = async (own: Page) => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await visit(own, item);
  };
  const second = await page.context().newPage();
  second.setDefaultTimeout(20_000);
  await Promise.all([lane(page), lane(second)]);
  await second.close();
}
