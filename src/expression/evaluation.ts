import { UsherError } from '../lib/errors.ts';
import { linearRegex, type LinearRegex } from '../lib/linear-regex.ts';
import { evaluationFailed } from './problem.ts';
import type { ExpressionScope } from './scope.ts';
import { describe, isArray, isObject, type ExpressionValue } from './values.ts';

/** One evaluation under way. `at` is the offset an error points to: the node whose own work is being done. */
export interface Evaluation {
  readonly scope: ExpressionScope;
  readonly source: string;
  at: number;
  steps: number;
  /** Milliseconds of the process at the first look; undefined while the work is too small to need one. */
  startedMs: number | undefined;
}

export type Evaluate = (evaluation: Evaluation) => ExpressionValue;

/** Work an evaluation may do: about one step per function call, array element and kilobyte of text. */
const maxSteps = 10_000;
/** Characters a computed text may have, and a computed array in all its texts and elements. */
const maxOutput = 65_536;
/** Of the processor, not of the clock: on a busy machine an expression that is cheap must not fail. */
const maxMilliseconds = 50;

/** The time is read whenever the count of steps passes a multiple of 2 to this power. */
const timeEveryBits = 8;
/** Comparisons of single characters that count as one step; they take about ten microseconds. */
const workPerStep = 4_096;

export function fail(evaluation: Evaluation, reason: string): never {
  throw evaluationFailed(evaluation.source, evaluation.at, reason);
}

export function spend(evaluation: Evaluation, steps: number): void {
  const before = evaluation.steps;
  evaluation.steps += steps;
  if (evaluation.steps > maxSteps) fail(evaluation, `it takes more than ${maxSteps} steps; simplify it`);
  if (before >> timeEveryBits === evaluation.steps >> timeEveryBits) return;
  const now = processorMs();
  evaluation.startedMs ??= now;
  if (now - evaluation.startedMs > maxMilliseconds) {
    fail(evaluation, `it takes longer than ${maxMilliseconds} ms; simplify it`);
  }
}

function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

/** Passes on a computed value, unless it is larger than {@link maxOutput}. */
export function computed(evaluation: Evaluation, value: ExpressionValue): ExpressionValue {
  if (typeof value === 'string') {
    checkLength(evaluation, value.length);
    payFor(evaluation, value);
  } else if (typeof value === 'object' && value !== null) {
    checkLength(evaluation, sizeOf(evaluation, value));
  }
  return value;
}

/** Fails when a text of this length may not be built. Ask before building one whose length can be known. */
export function checkLength(evaluation: Evaluation, length: number): void {
  if (length > maxOutput) fail(evaluation, `the result would exceed ${maxOutput} characters; make it smaller`);
}

/** Text as functions and `+` see it: numbers and Booleans as written, arrays as comma separated values, null stays. */
export function textOf(evaluation: Evaluation, value: ExpressionValue): string | null {
  if (typeof value === 'string') {
    payFor(evaluation, value);
    return value;
  }
  if (value === null) return null;
  if (isArray(value)) return csvOf(evaluation, value);
  if (isObject(value)) return fail(evaluation, 'expected a text, found an object; name one of its attributes');
  return String(value);
}

/** The elements as comma separated values, without quoting; null elements are empty. */
export function csvOf(evaluation: Evaluation, items: readonly ExpressionValue[]): string {
  spend(evaluation, items.length);
  let csv = '';
  for (const [index, item] of items.entries()) {
    if (isArray(item)) return fail(evaluation, 'expected a flat array, found arrays in it; use Arrays.flatten');
    const text = textOf(evaluation, item) ?? '';
    csv = index === 0 ? text : `${csv},${text}`;
    checkLength(evaluation, csv.length);
  }
  return csv;
}

/** Offset of the first `search` in `text` from `start` on, or -1; pays for the worst case beforehand. */
export function find(evaluation: Evaluation, text: string, search: string, start: number): number {
  const work = (text.length - start) * search.length;
  if (work > workPerStep) spend(evaluation, Math.floor(work / workPerStep));
  return text.indexOf(search, start);
}

/** Whether the whole text matches the pattern. */
export function matchesPattern(evaluation: Evaluation, text: string, pattern: string): boolean {
  return matchesRegex(evaluation, text, regexOf(evaluation, pattern));
}

export function matchesRegex(evaluation: Evaluation, text: string, regex: LinearRegex): boolean {
  spend(evaluation, 1 + Math.floor(regex.workOn(text.length) / workPerStep));
  return regex.matchesWhole(text);
}

function regexOf(evaluation: Evaluation, pattern: string): LinearRegex {
  try {
    return linearRegex(pattern);
  } catch (error) {
    return fail(evaluation, error instanceof UsherError ? error.message : 'the regular expression cannot be used');
  }
}

/** Pays for going through a whole value once, as comparing it does. */
export function payFor(evaluation: Evaluation, value: ExpressionValue): void {
  if (typeof value === 'string') {
    if (value.length > 1_024) spend(evaluation, value.length >> 10);
  } else if (typeof value === 'object' && value !== null) spend(evaluation, sizeOf(evaluation, value) >> 10);
}

/** Characters of all texts in the value plus one for each element. */
function sizeOf(evaluation: Evaluation, value: ExpressionValue): number {
  const pending: ExpressionValue[] = [value];
  let size = 0;
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (typeof next === 'string') size += next.length;
    else if (typeof next === 'object' && next !== null) {
      const items: readonly ExpressionValue[] = isArray(next) ? next : Object.values(next);
      spend(evaluation, items.length);
      size += items.length;
      for (const item of items) pending.push(item);
    }
  }
  return size;
}

/** A Boolean, or null for "not known". */
export function truthOf(evaluation: Evaluation, value: ExpressionValue, at: number): boolean | null {
  if (typeof value === 'boolean' || value === null) return value;
  evaluation.at = at;
  return fail(evaluation, `expected true or false, found ${describe(value)}`);
}

/** A whole number, also out of a text; null stays. */
export function integerOf(evaluation: Evaluation, value: ExpressionValue): number | null {
  if (value === null) return null;
  const number = typeof value === 'string' && /^[+-]?\d{1,15}$/.test(value) ? Number(value) : value;
  if (typeof number === 'number' && Number.isSafeInteger(number)) return number;
  return fail(evaluation, `expected a whole number, found ${describe(value)}`);
}
