import { isOk, filterPath, onlyNamed, people, quoted, rowsOf, told, type ProbeContext } from './context.ts';
import type { Reply } from './exchange.ts';

/** Whether filters tell the truth, asked with somebody who is there (where there is one) and with nobody. */
export async function checkFilters(context: ProbeContext, userName: string | undefined, nobody: string): Promise<void> {
  const { recorder, judge, learned } = context;
  const ask = (path: string): Promise<Reply> => recorder.ask('GET', path);

  const none = await ask(filterPath('userName', nobody));
  const found = rowsOf(none)?.length ?? 0;
  judge.say('filters.truthful', found === 0 && none.status !== 500, about(none, found), none);
  const key = await ask(filterPath('externalId', nobody));
  const byKey = rowsOf(key)?.length ?? 0;
  judge.say('filters.external_id', byKey === 0 && key.status < 500, about(key, byKey), key);
  if (byKey > 0 || !isOk(key)) learned['filterExternalId'] = 'broken';
  if (found > 0 || !isOk(none)) learned['filterUserName'] = 'broken';

  const nonsense = await ask(`/Users?filter=${encodeURIComponent('userName usherprobe "x" and or')}&count=2`);
  judge.say('filters.refuses', nonsense.status === 400, about(nonsense, rowsOf(nonsense)?.length ?? 0), nonsense);
  const quotes = await ask(filterPath('userName', `${nobody}"x`));
  const byQuotes = rowsOf(quotes)?.length ?? 0;
  judge.say('filters.quotes', byQuotes === 0 && quotes.status < 500, about(quotes, byQuotes), quotes);
  await checkLastModified(context);
  if (userName !== undefined) await checkFinding(context, userName);
}

/** The same asked about an account that exists: whether it is found, and only it. */
export async function checkFinding({ recorder, judge, learned }: ProbeContext, userName: string): Promise<void> {
  const plain = await recorder.ask('GET', filterPath('userName', userName));
  const rows = rowsOf(plain) ?? [];
  const finds = onlyNamed(rows, userName);
  judge.say(
    'filters.finds',
    finds,
    rows.length === 0 ? `${told(plain)} with nobody.` : about(plain, rows.length),
    plain,
  );
  if (!finds) {
    learned['filterUserName'] = 'broken';
    return;
  }
  const other = otherCase(userName);
  if (other === userName) judge.skip('filters.letter_case', 'The account’s name has no letters.');
  else {
    const folded = await recorder.ask('GET', filterPath('userName', other));
    const same = onlyNamed(rowsOf(folded) ?? [], userName);
    judge.say('filters.letter_case', same, same ? 'The account was found.' : 'The account was not found.', folded);
    learned['filterUserName'] ??= same ? 'ignoresCase' : 'exact';
  }
  const capital = await recorder.ask('GET', filterPath('USERNAME', userName));
  const capitalRows = rowsOf(capital) ?? [];
  judge.say('filters.attribute_case', onlyNamed(capitalRows, userName), about(capital, capitalRows.length), capital);
  const expression = `${encodeURIComponent('userName eq ')}${quoted(userName)}${encodeURIComponent(' and userName eq "usher-probe"')}`;
  const both = await recorder.ask('GET', `/Users?filter=${expression}&count=10`);
  const bothRows = rowsOf(both)?.length ?? 0;
  if (both.status === 400) judge.warn('filters.and', 'It refuses and in filters.', both);
  else judge.say('filters.and', isOk(both) && bothRows === 0, about(both, bothRows), both);
}

/** Asked with a moment all accounts are younger than, and with one none is. */
async function checkLastModified({ recorder, judge }: ProbeContext): Promise<void> {
  const ask = (moment: string): Promise<Reply> =>
    recorder.ask('GET', `/Users?filter=${encodeURIComponent(`meta.lastModified gt "${moment}"`)}&count=1`);
  const future = await ask('2099-01-01T00:00:00Z');
  if (future.status === 400 || future.status === 501) {
    judge.say('filters.last_modified', true, `${told(future)}: it does not offer it.`, future);
    return;
  }
  const past = await ask('2000-01-01T00:00:00Z');
  const [since, until] = [rowsOf(past)?.length ?? 0, rowsOf(future)?.length ?? 0];
  const all = await recorder.ask('GET', '/Users?startIndex=1&count=1');
  const any = (rowsOf(all)?.length ?? 0) > 0;
  const honest = isOk(future) && until === 0 && (!any || since > 0);
  const seen = `Since 2000 it shows ${people(since)}, since 2099 ${people(until)}${any ? '' : ' (there are none)'}.`;
  judge.say('filters.last_modified', honest, seen, past, future);
}

function about(reply: Reply, found: number): string {
  return isOk(reply) ? `${told(reply)} with ${people(found)}.` : `${told(reply)}.`;
}

function otherCase(text: string): string {
  return text === text.toUpperCase() ? text.toLowerCase() : text.toUpperCase();
}
