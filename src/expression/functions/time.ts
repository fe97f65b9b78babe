import { UsherError } from '../../lib/errors.ts';
import { parseJoda } from '../../lib/joda-parse.ts';
import { jodaParts } from '../../lib/joda-pattern.ts';
import { formatIso, formatJoda, isTimeZone, parseIso } from '../../lib/joda-time.ts';
import { fail, spend, textOf, type Evaluation } from '../evaluation.ts';
import { argument, type FunctionDefinition, type FunctionTable } from './definition.ts';

/** Formatting a time takes as long as some hundred simple steps. */
const stepsPerTime = 50;
/** From 1601, where Windows FILETIME starts, to 1970. */
const windowsEpochMs = -11_644_473_600_000n;
const ticksPerMs = 10_000n;
/** Active Directory's "never". */
const windowsNever = 9_223_372_036_854_775_807n;
/** The last moment of the year 9999: RFC 3339 has four digits for the year. */
const lastMoment = 253_402_300_799_999;
const firstMoment = -62_167_219_200_000;

export const timeFunctions: FunctionTable = {
  'Time.now': {
    ...{ signature: '(timeZone, format)', least: 0, most: 2, inConditions: false, returns: 'string' },
    checkLiteral: (value, index) => (index === 0 ? zoneProblem(value) : patternProblem(value)),
    dependsOn: (_args, collector) => {
      collector.now = true;
    },
    run: (args, evaluation) => {
      const zone = textOf(evaluation, argument(args, 0)) ?? 'UTC';
      const format = textOf(evaluation, argument(args, 1));
      const moment = evaluation.scope.now.getTime();
      return timed(evaluation, () => (format === null ? formatIso(moment, zone) : formatJoda(moment, zone, format)));
    },
  },
  'Time.fromWindowsToIso8601': converting('(time)', (text, _format, evaluation) => {
    const ticks = wholeNumber(text);
    if (ticks === undefined)
      return fail(evaluation, 'expected a Windows time: 100-nanosecond steps since 1601, digits');
    return ticks === windowsNever ? null : isoOf(evaluation, Number(ticks / ticksPerMs + windowsEpochMs));
  }),
  'Time.fromUnixToIso8601': converting('(time)', (text, _format, evaluation) => {
    const seconds = /^\s*-?\d{1,15}(\.\d{1,9})?\s*$/.test(text) ? Number(text) : undefined;
    if (seconds === undefined) return fail(evaluation, 'expected a Unix time: seconds since 1970, in digits');
    return isoOf(evaluation, Math.round(seconds * 1_000));
  }),
  'Time.fromStringToIso8601': converting('(time, format)', (text, format, evaluation) => {
    const moment = timed(evaluation, () => parseJoda(text, format, evaluation.scope.now));
    if (moment === undefined) return fail(evaluation, 'the time is not written as the format says');
    return isoOf(evaluation, moment);
  }),
  'Time.fromIso8601ToWindows': converting('(time)', (text, _format, evaluation) =>
    String((BigInt(momentOf(evaluation, text)) - windowsEpochMs) * ticksPerMs),
  ),
  'Time.fromIso8601ToUnix': converting('(time)', (text, _format, evaluation) =>
    String(Math.floor(momentOf(evaluation, text) / 1_000)),
  ),
  'Time.fromIso8601ToString': converting('(time, format)', (text, format, evaluation) => {
    const moment = momentOf(evaluation, text);
    return timed(evaluation, () => formatJoda(moment, 'UTC', format));
  }),
};

/** Times go in and out as text; null in gives null out. */
function converting(
  signature: '(time)' | '(time, format)',
  convert: (text: string, format: string, evaluation: Evaluation) => string | null,
): FunctionDefinition {
  const arity = signature === '(time)' ? 1 : 2;
  return {
    ...{ signature, least: arity, most: arity, inConditions: false, returns: 'any' },
    checkLiteral: (value, index) => (index === 1 ? patternProblem(value) : undefined),
    run: (args, evaluation) => {
      const text = textOf(evaluation, argument(args, 0));
      const format = arity === 1 ? '' : textOf(evaluation, argument(args, 1));
      return text === null || format === null ? null : convert(text, format, evaluation);
    },
  };
}

function timed<Result>(evaluation: Evaluation, work: () => Result): Result {
  spend(evaluation, stepsPerTime);
  try {
    return work();
  } catch (error) {
    return fail(evaluation, error instanceof UsherError ? error.message : 'the time cannot be worked out');
  }
}

function isoOf(evaluation: Evaluation, moment: number): string {
  if (moment < firstMoment || moment > lastMoment) return fail(evaluation, 'the time is outside the years 0 to 9999');
  return timed(evaluation, () => formatIso(moment, 'UTC'));
}

function momentOf(evaluation: Evaluation, text: string): number {
  const moment = timed(evaluation, () => parseIso(text));
  return moment ?? fail(evaluation, 'expected an ISO 8601 time such as 2026-03-01T09:30:00Z');
}

function wholeNumber(text: string): bigint | undefined {
  return /^\s*-?\d{1,19}\s*$/.test(text) ? BigInt(text.trim()) : undefined;
}

function zoneProblem(value: string | number | boolean | null): string | undefined {
  if (value === null || (typeof value === 'string' && isTimeZone(value))) return undefined;
  return 'expected a time zone such as "Europe/Berlin" or "EST"';
}

function patternProblem(value: string | number | boolean | null): string | undefined {
  if (typeof value !== 'string') return undefined;
  try {
    jodaParts(value);
    return undefined;
  } catch (error) {
    return error instanceof UsherError ? error.message : 'the format cannot be used';
  }
}
