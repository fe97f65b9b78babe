import { newId } from '../lib/ids.ts';

/** Far more than a database can hold by accident; the loop must end some day all the same. */
const namesMax = 10_000;
const slugMax = 40;

/**
 * Candidates for an app's machine name, to be tried in turn. A catalog app takes its key, then the key with a random
 * suffix (`zendesk_9ao1g13`); a private one `<organisation>_<label>_<n>`. Each can stand in an expression.
 */
export function* appNames(catalogKey: string | undefined, label: string, subDomain: string | undefined) {
  if (catalogKey !== undefined) yield catalogKey;
  for (let count = 1; count <= namesMax; count += 1) {
    if (catalogKey === undefined) yield `${slug(subDomain ?? '', 'usher')}_${slug(label, 'app')}_${count}`;
    else yield `${catalogKey}_${newId('app').slice(-7).toLowerCase()}`;
  }
}

function slug(text: string, otherwise: string): string {
  const letters = text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
    .slice(0, slugMax);
  if (letters === '') return otherwise;
  return /^[0-9]/.test(letters) ? `_${letters}` : letters;
}
