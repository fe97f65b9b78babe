import type { JsonObject } from '../../../lib/json.ts';
import { readId } from '../resource.ts';
import { isOk, people, rowsOf, told, type ProbeContext } from './context.ts';
import type { Reply } from './exchange.ts';

/** Small pages of accounts, compared with each other. `total` is what the first listing said. */
export async function checkPaging(context: ProbeContext, total: number | undefined): Promise<void> {
  const { recorder, judge } = context;
  const page = (startIndex: number, count: number): Promise<Reply> =>
    recorder.ask('GET', `/Users?startIndex=${startIndex}&count=${count}`);
  const first = await page(1, 1);
  const firstIds = idsOf(first);
  if (firstIds.length === 0) {
    for (const rule of ['paging.count', 'paging.start_index', 'paging.total', 'paging.stable'] as const) {
      judge.skip(rule, 'The app has no account to page through.', first);
    }
  } else {
    judge.say('paging.count', firstIds.length === 1, `A page of one came with ${people(firstIds.length)}.`, first);
    await checkSecond(context, firstIds, await page(2, 1), first, total);
    const again = idsOf(await page(1, 1));
    judge.say('paging.stable', sameIds(firstIds, again), sameIds(firstIds, again) ? 'It was.' : 'It was not.', first);
  }
  const none = await page(1, 0);
  const count = idsOf(none).length;
  const totalNow = none.json?.['totalResults'];
  const honest = isOk(none) && count === 0 && (total === undefined || totalNow === total);
  judge.say(
    'paging.count_zero',
    honest,
    `${told(none)} with ${people(count)} and totalResults ${String(totalNow)}.`,
    none,
  );
  const beyond = await page((total ?? 1_000_000) + 1_000, 10);
  const empty = isOk(beyond) && idsOf(beyond).length === 0;
  judge.say('paging.end', empty, `${told(beyond)} with ${people(idsOf(beyond).length)}.`, beyond);
}

async function checkSecond(
  { judge }: ProbeContext,
  firstIds: readonly string[],
  second: Reply,
  first: Reply,
  total: number | undefined,
): Promise<void> {
  const [id] = idsOf(second);
  const totalOfOne = first.json?.['totalResults'];
  if (total !== undefined && total < 2 && id === undefined) {
    judge.skip('paging.start_index', 'The app has one account only, so there is no second page.', second);
    judge.skip('paging.total', 'The app has one account only.', first);
    return;
  }
  const moved = id !== undefined && !firstIds.includes(id);
  judge.say(
    'paging.start_index',
    moved,
    moved ? 'startIndex=2 begins with the second account.' : 'startIndex=2 does not lead to a second account.',
    first,
    second,
  );
  judge.say(
    'paging.total',
    totalOfOne === total && (typeof totalOfOne !== 'number' || totalOfOne > 1 || !moved),
    `It is ${String(totalOfOne)} for a page of one and ${String(total)} for a page of two.`,
    first,
  );
}

function idsOf(reply: Reply): readonly string[] {
  return (rowsOf(reply) ?? []).map((row: JsonObject) => readId(row) ?? '');
}

function sameIds(left: readonly string[], right: readonly string[]): boolean {
  return left.join() === right.join();
}
