import type { Json } from '../lib/json.ts';

/** What an expression works with: JSON. Null is "no value" and differs from the empty string. */
export type ExpressionValue = Json;
export type ExpressionObject = { readonly [name: string]: ExpressionValue };

/** The kind of value known before evaluation; `any` when it depends on the data. */
export type StaticType = 'boolean' | 'number' | 'string' | 'array' | 'object' | 'null' | 'any';

export function isArray(value: ExpressionValue): value is readonly ExpressionValue[] {
  return Array.isArray(value);
}

export function isObject(value: ExpressionValue): value is ExpressionObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An object's own attribute; null when absent. What the prototype offers does not exist. */
export function attributeOf(value: ExpressionValue | undefined, name: string): ExpressionValue {
  if (value === undefined || !isObject(value) || !Object.hasOwn(value, name)) return null;
  return value[name] ?? null;
}

/** How an error message names a value; the value itself stays out of it, it may be personal data. */
export function describe(value: ExpressionValue): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return value === '' ? 'an empty text' : 'a text';
  if (typeof value === 'number') return 'a number';
  if (typeof value === 'boolean') return 'a Boolean';
  return isArray(value) ? 'an array' : 'an object';
}

export function typeOfValue(value: ExpressionValue): Exclude<StaticType, 'any'> {
  if (value === null) return 'null';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'number') return 'number';
  if (typeof value === 'boolean') return 'boolean';
  return isArray(value) ? 'array' : 'object';
}
