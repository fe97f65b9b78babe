import { setTimeout as sleep } from 'node:timers/promises';
import { UsherError } from '../lib/errors.ts';
import type { AppId } from '../lib/ids.ts';
import { recordOutcomes, type RowOutcome } from '../store/app-user-queue.ts';
import { settlePasswords } from '../store/password-pushes.ts';
import { sqlState, uniqueViolation, type Db } from '../store/database.ts';

/** Writes outcomes in batches: at once when the app falls idle, else every few milliseconds. */
export interface Recorder {
  add(outcome: RowOutcome): void;
  /** Resolves when everything added so far is written. */
  flush(): Promise<void>;
}

/** Rows of one statement, and how long the first of them waits for others: a commit costs as much as many rows. */
const batchMax = 400;
const waitMs = 100;
/** Tries at writing before the outcomes are left to their leases, after which the app is looked at again. */
const attemptsMax = 5;

export function createRecorder(
  db: Db,
  appId: AppId,
  pushesGroups: boolean,
  onError: (error: unknown) => void,
): Recorder {
  const record = async (batch: readonly RowOutcome[]) => {
    const passwords = batch.flatMap(({ password }) => password ?? []);
    // Before the rows are settled, so that no kill in between leaves a password lying.
    if (passwords.length > 0) await settlePasswords(db, appId, passwords);
    await recordOutcomes(db, appId, batch, pushesGroups);
  };
  const waiting: RowOutcome[] = [];
  let writing: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  const writeNow = () => {
    clearTimeout(timer);
    timer = undefined;
    if (waiting.length > 0) writing ??= writeBatches();
  };
  const writeBatches = async () => {
    do await write(record, waiting.splice(0, batchMax)).catch(onError);
    while (waiting.length >= batchMax);
    writing = undefined;
    if (waiting.length > 0) timer ??= setTimeout(writeNow, waitMs);
  };
  return {
    add: (outcome) => {
      waiting.push(outcome);
      if (waiting.length >= batchMax) writeNow();
      else timer ??= setTimeout(writeNow, waitMs);
    },
    flush: async () => {
      while (waiting.length > 0 || writing !== undefined) {
        writeNow();
        await writing;
      }
    },
  };
}

type RecordBatch = (batch: readonly RowOutcome[]) => Promise<void>;

async function write(record: RecordBatch, batch: readonly RowOutcome[]): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await record(batch);
      return;
    } catch (error) {
      if (sqlState(error) === uniqueViolation) return writeOneByOne(record, batch);
      if (attempt >= attemptsMax) throw error;
      await sleep(100 * 2 ** attempt);
    }
  }
}

/** Two people with one account: the second keeps its row unlinked, with an error a person can act on. */
async function writeOneByOne(record: RecordBatch, batch: readonly RowOutcome[]): Promise<void> {
  for (const outcome of batch) {
    try {
      await record([outcome]);
    } catch (error) {
      if (sqlState(error) !== uniqueViolation) throw error;
      await record([withoutAccount(outcome)]);
    }
  }
}

function withoutAccount(outcome: RowOutcome): RowOutcome {
  const { account, ...rest } = outcome;
  const error = new UsherError(
    'conflict',
    `The app answered with account ${account?.externalId ?? ''}, which already belongs to another person here. Look at both in the app before provisioning again.`,
  );
  return { ...rest, syncState: 'ERROR', retrySeconds: undefined, error: { code: error.code, message: error.message } };
}
