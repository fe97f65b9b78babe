import { topics as allTopics, topicsOf, type Topic } from '../domain/topic.ts';
import type { AppId, RunId } from '../lib/ids.ts';
import { findAppNames } from '../store/apps.ts';
import { findSnapshot, listChanges, listRunMarks, type RunMark } from '../store/changes.ts';
import type { Db } from '../store/database.ts';

/** An app and the name roles are limited by; empty for one that is gone. */
export interface NamedApp {
  readonly id: AppId;
  readonly name: string;
}

/** What has changed since the moment before. */
export interface Changes {
  readonly topics: ReadonlySet<Topic>;
  /** The apps concerned; null: more than are named. */
  readonly apps: readonly NamedApp[] | null;
  /** Ids of the people concerned; null: more than are named. */
  readonly people: ReadonlySet<string> | null;
  readonly runs: readonly { readonly id: RunId; readonly startedBy: string | null; readonly app: NamedApp | null }[];
  /** True where it may be that somebody may do more or less than before, or has been signed out. */
  readonly access: boolean;
}

export interface ChangeFeed {
  /** Tells of everything that is committed from the time on at which this resolves, until `stop` is called. */
  follow(listener: (changes: Changes) => void): Promise<{ readonly stop: () => void }>;
}

/** Half a second, and the time a page takes to look again, stay below the two seconds within which it should show. */
const lookEveryMs = 500;
/** More events in one look than this are not told apart. */
const eventsMax = 500;
/** Apps that are named to whoever listens; with more, all are meant. */
const appsMax = 20;

interface Seen {
  readonly snapshot: string;
  readonly runs: ReadonlyMap<string, RunMark>;
}

/**
 * Follows the log and the runs for everybody who listens: one look at a time, however many they are, and none while
 * nobody does. A look that fails is made again; what it would have found is found then.
 */
export function createChangeFeed(db: Db, onError: (error: unknown) => void): ChangeFeed {
  const listeners = new Set<(changes: Changes) => void>();
  let following: Promise<void> | undefined;
  const begin = async () => {
    const seen = { snapshot: await findSnapshot(db), runs: byId(await listRunMarks(db)) };
    const timer = setTimeout(() => void lookAgain(seen), lookEveryMs);
    timer.unref();
  };
  const lookAgain = async (seen: Seen) => {
    let now = seen;
    try {
      const found = await look(db, seen);
      now = found.seen;
      if (found.changes !== undefined) for (const listener of [...listeners]) listener(found.changes);
    } catch (error) {
      onError(error);
    }
    if (listeners.size === 0) {
      following = undefined;
      return;
    }
    const timer = setTimeout(() => void lookAgain(now), lookEveryMs);
    timer.unref();
  };
  return {
    follow: async (listener) => {
      listeners.add(listener);
      following ??= begin();
      try {
        await following;
      } catch (error) {
        following = undefined;
        listeners.delete(listener);
        throw error;
      }
      return { stop: () => void listeners.delete(listener) };
    },
  };
}

async function look(db: Db, seen: Seen): Promise<{ readonly seen: Seen; readonly changes: Changes | undefined }> {
  const { snapshot, events } = await listChanges(db, seen.snapshot, eventsMax);
  const runs = byId(await listRunMarks(db));
  const changed = [...runs.values()].filter(({ id, mark }) => seen.runs.get(id)?.mark !== mark);
  // What is not among them any more is over.
  const ended = [...seen.runs.values()].filter(({ id }) => !runs.has(id));
  const moved = [...changed, ...ended];
  const now = { snapshot, runs };
  if (events.length + moved.length === 0) return { seen: now, changes: undefined };
  const overflow = events.length === eventsMax;
  const types = [...new Set(events.map(({ eventType }) => eventType))];
  const targets = events.flatMap(({ target }) => target);
  const topics = new Set(overflow ? allTopics : types.flatMap(topicsOf));
  if (types.length > 0) topics.add('log');
  if (moved.length > 0) topics.add('runs');
  const appIds = new Set(targets.flatMap(({ type, id }) => (type === 'AppInstance' ? [id as AppId] : [])));
  const appOf = await nameApps(db, [...appIds].slice(0, appsMax), moved);
  return {
    seen: now,
    changes: {
      topics,
      apps: overflow || appIds.size > appsMax ? null : [...appIds].map(appOf),
      people: overflow ? null : new Set(targets.flatMap(({ type, id }) => (/User$/.test(type) ? [id] : []))),
      runs: moved.map(({ id, appId, startedBy }) => ({ id, startedBy, app: appId && appOf(appId) })),
      access: overflow || types.some((type) => /^(user|group)\.|^system\.api_token\./.test(type)),
    },
  };
}

async function nameApps(db: Db, appIds: readonly AppId[], runs: readonly RunMark[]): Promise<(id: AppId) => NamedApp> {
  const ids = [...appIds, ...runs.flatMap(({ appId }) => appId ?? [])];
  const names = ids.length === 0 ? new Map<AppId, string>() : await findAppNames(db, ids);
  return (id) => ({ id, name: names.get(id) ?? '' });
}

function byId(runs: readonly RunMark[]): ReadonlyMap<string, RunMark> {
  return new Map(runs.map((run) => [run.id, run]));
}
