import { loadSubjects } from '../provisioning/load-subjects.ts';
import { passwordPlace } from '../provisioning/password-place.ts';
import type { Subject } from '../provisioning/reconcile.ts';
import { claimDueRows, refreshStatistics, releaseRows } from '../store/app-user-queue.ts';
import { loadPasswords } from '../store/password-pushes.ts';
import { loadPeopleOfApp } from '../store/people.ts';
import { openIfReadable } from '../store/secret-box.ts';
import type { AppLane, WorkerTools } from './app-lane.ts';

/** Rows claimed at once: what the app takes in so long, so that a leaver never waits longer behind them. */
const claimMs = 400;
const claimMax = 500;
/** A row nobody has finished or prolonged for so long is taken over by the next worker. */
export const leaseSeconds = 60;

/** Claims as much at a time as the app has shown to take. */
export interface Claimer {
  /** Whether so few are ready that more should be on their way. */
  wantsMore(ready: number, allowed: number): boolean;
  /** `stale` when the app's configuration has changed: nothing is claimed, and the next run begins with the new one. */
  claim(allowed: number): Promise<readonly Subject[] | 'stale'>;
}

export function createClaimer(lane: AppLane, tools: WorkerTools): Claimer {
  let size = 0;
  let claimedMs = tools.clock.monotonicMs();
  return {
    wantsMore: (ready, allowed) => ready < Math.max(allowed, size / 2),
    claim: async (allowed) => {
      const first = size === 0;
      const sinceMs = tools.clock.monotonicMs() - claimedMs;
      claimedMs += sinceMs;
      // While nobody knows what the app takes: enough to find out without waiting for the next claim.
      const usual = first ? lane.limitMost * 2 : Math.max(allowed * 2, Math.round((size / sinceMs) * claimMs));
      size = Math.min(claimMax, usual);
      const subjects = await claimSubjects(lane, tools, size);
      if (first && subjects !== 'stale' && subjects.length === size) {
        // Beside the work, not before it: the first rows can be sent meanwhile.
        void refreshStatistics(tools.db, lane.appId).catch(tools.onError);
      }
      return subjects;
    },
  };
}

/** So many leavers at a time: the app's pace is found by the ordinary way. */
const leaversMax = 50;

/** Claims people who are to lose their accounts, before anybody else. */
export function claimLeavers(lane: AppLane, tools: WorkerTools, limit = leaversMax): Promise<Subject[] | 'stale'> {
  return claimSubjects(lane, tools, limit, 'leavers');
}

/**
 * Claims rows, then reads what their decisions rest on: in this order, so that no change between is missed. Gives the
 * rows back as `stale` when the app's configuration has changed: the next run begins with the new one.
 */
async function claimSubjects(
  lane: AppLane,
  tools: WorkerTools,
  limit: number,
  whom: 'all' | 'leavers' = 'all',
): Promise<Subject[] | 'stale'> {
  const rows = await claimDueRows(tools.db, lane.appId, limit, leaseSeconds, whom);
  if (rows.length === 0) return [];
  const { revision, people } = await loadPeopleOfApp(
    tools.db,
    lane.appId,
    rows.map((row) => row.userId),
  );
  if (lane.setup === undefined || (revision !== undefined && revision !== lane.setup.revision)) {
    await releaseRows(tools.db, lane.appId, rows);
    return 'stale';
  }
  return withPasswords(lane, tools, await loadSubjects(tools.db, lane.setup, rows, people, tools.clock.now()));
}

/** With the passwords that wait for them, in clear: for the connector and for nothing else; and what was refused. */
async function withPasswords(
  { appId, setup }: AppLane,
  { db, secrets }: WorkerTools,
  subjects: Subject[],
): Promise<Subject[]> {
  if (secrets === undefined || setup?.provisioning.password?.status !== 'ENABLED') return subjects;
  const standings = await loadPasswords(
    db,
    appId,
    subjects.map(({ row }) => row.userId),
  );
  const withOne = async (subject: Subject): Promise<Subject> => {
    const standing = standings.get(subject.row.userId);
    if (standing === undefined) return subject;
    if ('refused' in standing) return { ...subject, passwordRefused: standing.refused };
    const { sealed, kept } = standing;
    // One that no key opens is of no use, and must not hold up the account.
    const clear = await openIfReadable(secrets, db, sealed, passwordPlace(appId, subject.row.userId));
    return clear === undefined ? subject : { ...subject, password: { kept, clear } };
  };
  return Promise.all(subjects.map(withOne));
}
