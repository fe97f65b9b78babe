import { ApiError } from '../api/client';
import { t } from '../text';

type Values = Readonly<Record<string, unknown>>;

/** What a form changes, and what each of it is called there. */
interface Change {
  /** What was saved when the form was opened, or when it last said what others had saved. */
  readonly begun: Values;
  readonly now: Values;
  readonly typed: Values;
  readonly titleOf: (name: string) => string;
}

/**
 * Others are not overwritten unseen: what somebody else has saved since the form began is told first, and only what is
 * typed here counts.
 *
 * @throws {ApiError} with a cause for each.
 */
export function refuseOvertaken({ begun, now, typed, titleOf }: Change): void {
  const overtaken = Object.keys(typed).filter(
    (name) => !isSame(begun[name], now[name]) && !isSame(typed[name], now[name]),
  );
  if (overtaken.length === 0) return;
  throw new ApiError(412, {
    errorSummary: t.common.meanwhile,
    errorCauses: overtaken.map((name) => ({ errorSummary: t.common.isNow(titleOf(name), textOf(now[name])) })),
  });
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one ?? null) === JSON.stringify(other ?? null);
}

function textOf(value: unknown): string {
  return value == null ? '' : typeof value === 'string' ? value : JSON.stringify(value);
}
