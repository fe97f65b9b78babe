import { isJsonObject, type Json, type JsonObject } from '../lib/json.ts';

// Reading answers of the API, whose shape is known but not checked: what is missing reads as nothing.

/** The value under a path of names; undefined where the path ends early. */
export function valueAt(json: Json | undefined, ...path: readonly string[]): Json | undefined {
  return path.reduce<Json | undefined>((value, name) => (isJsonObject(value) ? value[name] : undefined), json);
}

/** Text and numbers as text; everything else is empty. */
export function textAt(json: Json | undefined, ...path: readonly string[]): string {
  const value = valueAt(json, ...path);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** 0 where there is no number. */
export function numberAt(json: Json | undefined, ...path: readonly string[]): number {
  const value = valueAt(json, ...path);
  return typeof value === 'number' ? value : 0;
}

/** The objects of an array; empty where there is none. */
export function objectsAt(json: Json | undefined, ...path: readonly string[]): JsonObject[] {
  const value = valueAt(json, ...path);
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

/** The name to show for a person of the API. */
export function personName(user: Json | undefined): string {
  const full = `${textAt(user, 'profile', 'firstName')} ${textAt(user, 'profile', 'lastName')}`.trim();
  return textAt(user, 'profile', 'displayName') || full || textAt(user, 'profile', 'login');
}
