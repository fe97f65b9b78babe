import type { ScimHttp } from './http.ts';
import type { Layout } from './layout.ts';
import type { Learned } from './learned.ts';
import type { Matcher } from './match.ts';
import type { Updater } from './update.ts';

/** The parts of one open connection that its operations share. */
export interface ScimApp {
  readonly http: ScimHttp;
  readonly learned: Learned;
  readonly layout: Layout;
  readonly updater: Updater;
  readonly matcher: Matcher;
}
