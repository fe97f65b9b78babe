import { isJsonObject, type Json, type JsonObject } from '../../../lib/json.ts';
import { sameName } from '../verify.ts';
import type { Recorder, Reply } from './exchange.ts';
import type { Judge } from './judge.ts';

/** What the checks of one probe share. */
export interface ProbeContext {
  readonly recorder: Recorder;
  readonly judge: Judge;
  /** Facts for the capability record, as they are found. */
  readonly learned: { [fact: string]: Json };
  /** What the probe made and could not take away, in words for a person. */
  readonly leftBehind: string[];
}

export const patchUrn = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
const errorUrn = 'urn:ietf:params:scim:api:messages:2.0:Error';
export const listUrn = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';

export function isOk({ status }: Reply): boolean {
  return status >= 200 && status < 300;
}

/** `200`, `200 with an HTML page`, `200 without a body`. */
export function told({ status, text, json }: Reply): string {
  if (json !== undefined) return `It answered ${status}`;
  if (text === '') return `It answered ${status} without a body`;
  return `It answered ${status} with ${/^\s*</.test(text) ? 'an HTML page' : 'something that is not a JSON object'}`;
}

/** The resources of a listing; undefined where the answer is none. */
export function rowsOf({ json }: Reply): readonly JsonObject[] | undefined {
  const rows = json?.['Resources'];
  if (Array.isArray(rows)) return rows.filter((row: Json) => isJsonObject(row));
  return json !== undefined && Number(json['totalResults']) === 0 ? [] : undefined;
}

export function isScimError({ json }: Reply): boolean {
  const schemas = json?.['schemas'];
  return Array.isArray(schemas) && schemas.includes(errorUrn);
}

export function quoted(text: string): string {
  return encodeURIComponent(JSON.stringify(text));
}

/** `/Users?filter=userName eq "…"`, encoded. */
export function filterPath(attribute: string, value: string): string {
  return `/Users?filter=${encodeURIComponent(`${attribute} eq `)}${quoted(value)}&startIndex=1&count=10`;
}

/** Whether a listing is about people of this name alone. */
export function onlyNamed(rows: readonly JsonObject[], name: string): boolean {
  return rows.length > 0 && rows.every((row) => sameName(name, row['userName']));
}

export function people(count: number): string {
  return count === 1 ? '1 account' : `${count} accounts`;
}
