/** Okta's form of a moment: UTC, to the second, with milliseconds that are always zero. */
export function oktaDate(date: Date): string {
  return `${date.toISOString().slice(0, 19)}.000Z`;
}

export function oktaDateOrNull(date: Date | null): string | null {
  return date === null ? null : oktaDate(date);
}
