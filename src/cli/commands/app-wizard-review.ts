import type { Json, JsonObject } from '../../lib/json.ts';
import type { Cli } from '../cli.ts';
import { numberAt, objectsAt, textAt, valueAt } from '../json-fields.ts';
import { facts, type Column } from '../output.ts';
import { printable } from '../terminal-text.ts';

/** What was found and chosen, and what it makes of one person. */
export async function reviewWithSample(cli: Cli, own: string, wizard: Json): Promise<string> {
  const [sample] = objectsAt(await cli.api.send('POST', `${own}/preview`, {}));
  const rows: JsonObject[] = objectsAt(sample, 'attributes');
  const shown = rows.filter((row) => textAt(row, 'value') !== '' || textAt(row, 'error') !== '');
  const title =
    sample === undefined
      ? ''
      : `\n\n  ${cli.output.style.dim('Sample')} ${printable(textAt(sample, 'user', 'login'))}\n`;
  return review(cli, wizard) + title + (sample === undefined ? '' : indented(cli.output.table(sampleColumns, shown)));
}

const sampleColumns: readonly Column[] = [
  { title: 'attribute', value: (row) => textAt(row, 'attribute') },
  { title: 'from', value: (row) => textAt(row, 'expression'), colour: (_row, style) => style.cyan },
  { title: 'value', value: (row) => textAt(row, 'error') || textAt(row, 'value') },
];

/** What was found and chosen. */
export function review(cli: Cli, wizard: Json): string {
  const { style } = cli.output;
  const draft = valueAt(wizard, 'draft');
  const match = valueAt(draft, 'match');
  const on = Object.entries(valueAt(draft, 'provisioning') ?? {}).flatMap(([name, value]) =>
    value === true ? [name] : [],
  );
  const matching = ['exact', 'partial', 'ambiguous', 'none']
    .map((kind) => `${numberAt(match, kind)} ${kind}`)
    .join(' · ');
  const done = textAt(wizard, 'status') === 'DONE';
  return [
    `  ${style.bold(printable(textAt(wizard, 'label')))}  ${style.dim(textAt(wizard, 'id'))}`,
    indented(
      facts(
        [
          ['address', textAt(draft, 'connection', 'baseUrl')],
          ['score', textAt(wizard, 'report', 'score')],
          ['found', textAt(wizard, 'report', 'verdict')],
          ['Usher will', on.join(', ')],
          ['attributes', String(Object.keys(valueAt(draft, 'attributes') ?? {}).length)],
          ['mapped', String(Object.keys(valueAt(draft, 'mappings') ?? {}).length)],
          ['accounts', match === undefined ? '' : `${numberAt(match, 'accounts')}: ${matching}`],
          ['given to', recipients(draft)],
          ['next', textAt(wizard, 'next')],
        ],
        style,
      ),
    ),
    done ? '' : style.dim('  Nothing has been changed in the app yet.'),
  ].join('\n');
}

function recipients(draft: Json | undefined): string {
  const [people, groups] = ['userIds', 'groupIds'].map((name) => valueAt(draft, 'assignments', name));
  const count = (ids: Json | undefined): number => (Array.isArray(ids) ? ids.length : 0);
  return count(people) + count(groups) === 0 ? '' : `${count(people)} people, ${count(groups)} groups`;
}

function indented(text: string): string {
  return text.replace(/^/gm, '  ');
}
