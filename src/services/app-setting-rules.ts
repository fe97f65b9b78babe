import type { ErrorCause } from '../lib/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../lib/json.ts';

/** What one setting may be. What is left out comes as `otherwise`, else as null; one that is `bare` stays left out. */
export type SettingRule = SettingType & {
  readonly required?: boolean;
  readonly otherwise?: Json;
  readonly bare?: boolean;
};

type SettingType =
  /** `web`: a page's address. `uri`: one of anything but a program, as native apps have them. */
  | { readonly type: 'text' | 'web' | 'uri'; readonly max?: number }
  | { readonly type: 'flag' | 'number' }
  | { readonly type: 'choice'; readonly choices: readonly string[] }
  | { readonly type: 'list'; readonly of: SettingRule }
  | { readonly type: 'object'; readonly rules: SettingRules };

export type SettingRules = { readonly [name: string]: SettingRule };

export interface CheckedSettings {
  /** In the order of the rules, with the defaults. What no rule is about is not in it. */
  readonly values: JsonObject;
  readonly causes: readonly ErrorCause[];
}

/** Checks settings against rules; `path` is what the causes are named after, such as `settings.signOn`. */
export function checkSettings(rules: SettingRules, given: Json | undefined, path: string): CheckedSettings {
  if (given !== undefined && given !== null && !isJsonObject(given)) {
    return { values: {}, causes: [{ field: path, reason: 'must be an object' }] };
  }
  const values: Record<string, Json> = {};
  const causes: ErrorCause[] = [];
  for (const [name, rule] of Object.entries(rules)) {
    const value = given != null && Object.hasOwn(given, name) ? (given[name] ?? null) : null;
    if (isEmpty(value, rule)) {
      if (rule.required === true) causes.push({ field: `${path}.${name}`, reason: 'is missing' });
      if (value !== null || rule.bare !== true) values[name] = value ?? rule.otherwise ?? null;
      continue;
    }
    const checked = checkValue(rule, value, `${path}.${name}`);
    values[name] = checked.value;
    causes.push(...checked.causes);
  }
  return { values, causes };
}

/** Letters in a setting that says nothing else; also what a page's address may have. */
const textMax = 1_024;
const listMax = 100;

/** An empty text or list says no more than nothing, but is kept as it was given. */
function isEmpty(value: Json, rule: SettingRule): boolean {
  return value === null || value === '' || (rule.required === true && Array.isArray(value) && value.length === 0);
}

function checkValue(rule: SettingRule, value: Json, field: string): { value: Json; causes: readonly ErrorCause[] } {
  if (rule.type === 'object') {
    const { values, causes } = checkSettings(rule.rules, value, field);
    return { value: values, causes };
  }
  if (rule.type === 'list') {
    if (!Array.isArray(value)) return { value, causes: [{ field, reason: 'must be a list' }] };
    const items: readonly Json[] = value;
    if (items.length > listMax) return { value, causes: [{ field, reason: `has more than ${listMax} items` }] };
    const checked = items.map((item, index) => checkValue(rule.of, item, `${field}[${index}]`));
    return { value: checked.map((item) => item.value), causes: checked.flatMap((item) => item.causes) };
  }
  const reason = valueProblem(rule, value);
  return { value, causes: reason === undefined ? [] : [{ field, reason }] };
}

function valueProblem(
  rule: Exclude<SettingRule, { readonly type: 'object' | 'list' }>,
  value: Json,
): string | undefined {
  switch (rule.type) {
    case 'flag':
      return typeof value === 'boolean' ? undefined : 'must be true or false';
    case 'number':
      return typeof value === 'number' ? undefined : 'must be a number';
    case 'choice':
      return rule.choices.some((choice) => choice === value) ? undefined : `must be one of ${rule.choices.join(', ')}`;
    case 'text':
    case 'web':
    case 'uri':
      return textProblem(rule, value);
  }
}

function textProblem(rule: Extract<SettingRule, { readonly max?: number }>, value: Json): string | undefined {
  if (typeof value !== 'string') return 'must be a text';
  const longest = rule.max ?? textMax;
  if (value.length > longest) return `is longer than ${longest} characters`;
  if (/[^\P{Cc}\t\r\n]/u.test(value)) return 'contains a control character';
  if (rule.type === 'web')
    return isWebAddress(value) ? undefined : 'must be an address that begins with https:// or http://';
  return rule.type === 'uri' && !isHarmlessUri(value)
    ? 'must be an absolute URI, and not one that a browser would run as a program'
    : undefined;
}

/** A tile may lead to a web page only: an address of another kind could run script in the console. */
function isWebAddress(value: string): boolean {
  return /^https?:\/\//i.test(value) && URL.canParse(value);
}

/** Wildcards are for subdomains, as in `https://*.example.com/callback`. */
function isHarmlessUri(value: string): boolean {
  const plain = value.replace('://*.', '://wildcard.');
  return (
    URL.canParse(plain) && !['javascript:', 'data:', 'vbscript:', 'blob:', 'file:'].includes(new URL(plain).protocol)
  );
}
