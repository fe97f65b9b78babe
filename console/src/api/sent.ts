import { masked } from './mask.ts';

/** A change that was asked for and made, without what is secret in it. */
export interface SentRequest {
  readonly id: number;
  readonly at: Date;
  readonly method: 'post' | 'put' | 'patch' | 'delete';
  /** As the API reference has it, e.g. `/api/v1/groups/{groupId}`. */
  readonly path: string;
  readonly parts: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;
  /** Undefined where there was none, or a file. */
  readonly body: unknown;
  /** The media type of the file that was sent. */
  readonly fileType: string | undefined;
}

const most = 50;
/** One's own session and password are nobody's script; what only looks is no change. */
const left = /^\/usher\/v1\/(session|me|sign-in)\b|\/preview$/;

let sent: readonly SentRequest[] = [];
const listeners = new Set<() => void>();

/** Keeps it until the page is left. */
export function rememberRequest(request: Omit<SentRequest, 'id' | 'at'>): void {
  if (left.test(request.path)) return;
  const next = { ...request, body: masked(request.body), id: (sent[0]?.id ?? 0) + 1, at: new Date() };
  publish([next, ...sent].slice(0, most));
}

/** Another person may be the next to sign in. */
export function forgetRequests(): void {
  publish([]);
}

/** The newest first. */
export function sentRequests(): readonly SentRequest[] {
  return sent;
}

export function onSentRequests(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

function publish(next: readonly SentRequest[]): void {
  sent = next;
  for (const listener of listeners) listener();
}
