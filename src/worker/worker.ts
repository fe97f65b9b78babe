import type { AppId } from '../lib/ids.ts';
import { dropExpiredPasswords } from '../store/password-pushes.ts';
import { appsWithDuePushes } from '../store/app-group-push-queue.ts';
import { appsWithDueRows } from '../store/app-user-queue.ts';
import type { Db } from '../store/database.ts';
import type { Queue } from '../store/queue.ts';
import { closeLane, createLane, type AppLane, type WorkerTools } from './app-lane.ts';
import { drainApp } from './drain-app.ts';

export interface Worker {
  /** Takes no more work, gives back what was not sent, waits for what is in flight. */
  close(): Promise<void>;
}

/** Apps one process works on at the same time. They wait for other people's servers, so this is not about cores. */
export const appSlots = 16;
/** Signals can be lost (a killed worker, a full disk); due rows cannot. */
const sweepEveryMs = 5_000;
const timerMostMs = 60 * 60_000;
/** Requests in flight may end by themselves for so long; then they are broken off. */
const cancelAfterMs = 20_000;
const closeTimeoutMs = 25_000;

/** Starts working on every app that is signalled or has due rows, until closed. */
export async function startWorker(queue: Queue, tools: WorkerTools): Promise<Worker> {
  const lanes = new Map<AppId, AppLane>();
  const timers = new Map<AppId, NodeJS.Timeout>();
  const stop = new AbortController();
  const cancel = new AbortController();
  const signalLater = (appId: AppId, ms: number) => {
    clearTimeout(timers.get(appId));
    const signalNow = () => void queue.signalAppsNow([appId]).catch(tools.onError);
    timers.set(appId, setTimeout(signalNow, Math.min(Math.max(ms, 0), timerMostMs)));
  };
  await queue.workApps(appSlots, async (appId, jobSignal) => {
    const lane = lanes.get(appId) ?? createLane(appId);
    lanes.set(appId, lane);
    try {
      const { nextMs } = await drainApp(lane, tools, {
        stop: AbortSignal.any([stop.signal, jobSignal]),
        cancel: cancel.signal,
      });
      if (nextMs !== undefined && !stop.signal.aborted) signalLater(appId, nextMs);
    } catch (error) {
      // The database or a bug: the rows keep their leases, and the sweep brings the app back.
      tools.onError(error);
      await closeLane(lane).catch(tools.onError);
    }
  });
  const sweep = setInterval(() => {
    void dropExpiredPasswords(tools.db).catch(tools.onError);
    void appsWithWork(tools.db)
      .then((appIds) => queue.signalAppsNow(appIds))
      .catch(tools.onError);
  }, sweepEveryMs);
  await queue.signalAppsNow(await appsWithWork(tools.db));
  return {
    close: async () => {
      stop.abort();
      clearInterval(sweep);
      for (const timer of timers.values()) clearTimeout(timer);
      const patience = setTimeout(() => cancel.abort(), cancelAfterMs);
      await queue.close(closeTimeoutMs);
      clearTimeout(patience);
      await Promise.all([...lanes.values()].map(closeLane));
    },
  };
}

async function appsWithWork(db: Db): Promise<AppId[]> {
  return [...new Set([...(await appsWithDueRows(db)), ...(await appsWithDuePushes(db))])];
}
