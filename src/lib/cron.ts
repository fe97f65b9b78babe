/** What is wrong with a cron expression of five fields, as the end of a sentence about it; undefined when nothing is. */
export function cronProblem(text: string): string | undefined {
  const parts = text.trim().split(/\s+/);
  if (text.length > lettersMax || parts.length !== fields.length) {
    return 'must be a cron expression of five fields: minute, hour, day of the month, month, day of the week';
  }
  for (const [index, field] of fields.entries()) {
    const problem = fieldProblem(field, parts[index] ?? '');
    if (problem !== undefined) return `${problem} in its ${field.name}`;
  }
  return undefined;
}

interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** Three-letter names, the first of which means `min`. */
  readonly names?: readonly string[];
}

const lettersMax = 200;
const fields: readonly Field[] = [
  { name: 'minute', min: 0, max: 59 },
  { name: 'hour', min: 0, max: 23 },
  { name: 'day of the month', min: 1, max: 31 },
  {
    name: 'month',
    min: 1,
    max: 12,
    names: ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'],
  },
  { name: 'day of the week', min: 0, max: 7, names: ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'] },
];

/** `*`, a value or a range, each with a step or without, and lists of them. */
function fieldProblem(field: Field, text: string): string | undefined {
  for (const item of text.split(',')) {
    const parts = /^(\*|[0-9A-Za-z]{1,3})(?:-([0-9A-Za-z]{1,3}))?(?:\/(\d{1,2}))?$/.exec(item);
    if (parts === null) return `has "${item}"`;
    const [, from = '', to, step] = parts;
    if (step !== undefined && Number(step) === 0) return 'has a step of nothing';
    if (from === '*') {
      if (to !== undefined) return `has "${item}"`;
      continue;
    }
    const first = valueOf(field, from);
    const last = to === undefined ? first : valueOf(field, to);
    if (first === undefined || last === undefined)
      return `has "${item}", which is not from ${field.min} to ${field.max},`;
    if (last < first) return `has "${item}", which ends before it begins,`;
  }
  return undefined;
}

function valueOf({ min, max, names = [] }: Field, text: string): number | undefined {
  const named = names.indexOf(text.toUpperCase());
  if (named >= 0) return min + named;
  if (!/^\d{1,2}$/.test(text)) return undefined;
  const value = Number(text);
  return value >= min && value <= max ? value : undefined;
}
