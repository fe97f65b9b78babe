import type { Permission } from '../../domain/admin-role.ts';
import type { Json } from '../../lib/json.ts';
import type { Tx } from '../../store/database.ts';
import type { NewRunProblem } from '../../store/run-problems.ts';
import type { Run } from '../../store/runs.ts';
import type { AppContext } from '../context.ts';

/** One kind of bulk work. */
export interface RunKind {
  /** What it takes to pause, resume or cancel a run of this kind, for the run's app where it has one. */
  readonly permission: Permission;
  /** Undefined for kinds that run in a way of their own: they are shown here, and can be neither paused nor resumed. */
  readonly open?: (context: AppContext, run: Run) => RunWork;
}

/** A run in the hands of one process. Nothing it keeps may be needed by the next process that takes the run up. */
export interface RunWork {
  /**
   * What the next chunk needs from outside the database, such as a page of accounts from the app. Called before each
   * chunk, outside of any transaction.
   */
  before?(run: Run, signal: AbortSignal): Promise<void>;
  /**
   * Does the next chunk, all of it in this transaction, which holds the run: a few set-based statements, done in well
   * under a second. Chunks begin at `run.cursor`; one that finds that `before` was about another place does nothing.
   */
  chunk(tx: Tx, run: Run): Promise<Chunk>;
  close?(): Promise<void>;
}

/** What a chunk has done. Numbers are added to those of the run. */
export interface Chunk {
  /** Where the next chunk begins. */
  readonly cursor: Json;
  readonly phase?: string;
  readonly total?: number;
  readonly done?: number;
  readonly failed?: number;
  readonly skipped?: number;
  readonly counts?: { readonly [name: string]: number };
  readonly problems?: readonly NewRunProblem[];
  /** There is no more to do. */
  readonly ended?: boolean;
}
