import type { Account, AccountChange, DesiredAccount } from '../domain/account.ts';
import type { AttributeDefinitions } from '../domain/profile-schema.ts';
import type { UsherError } from '../lib/errors.ts';
import type { HttpClient, HttpRequest } from '../lib/http-client.ts';
import type { ExternalId } from '../lib/ids.ts';
import type { Json, JsonObject } from '../lib/json.ts';

export type { Account, AccountChange, DesiredAccount };

/** What a write came to, verified against the answer or a read-back. */
export interface WriteResult {
  readonly account: Account;
  /** Attributes we sent that the app did not keep, after every dialect was tried. */
  readonly ignored: readonly string[];
}

export interface AccountQuery {
  readonly userName: string;
  readonly correlationId: string;
  readonly email?: string;
  /** The person's value of the connection's `uniqueAttribute`, where they have one. */
  readonly unique?: string;
}

export interface AccountPage {
  readonly accounts: readonly Account[];
  /** Hand back to `list` for the next page; undefined on the last. */
  readonly next: string | undefined;
}

export interface AppGroup {
  readonly externalId: ExternalId;
  readonly name: string;
  /** Undefined where the app does not show members. */
  readonly members: readonly ExternalId[] | undefined;
}

export interface MemberChange {
  readonly add: readonly ExternalId[];
  readonly remove: readonly ExternalId[];
  /**
   * The caller keeps a ledger of its own and knows who is in: nobody looks before, nor after once the app has shown
   * that it keeps what it is told.
   */
  readonly trusted?: boolean;
}

export interface MemberResult {
  /** Those the app would not take as members, for instance because it does not know them, and what it said. */
  readonly refused: readonly { readonly id: ExternalId; readonly error: UsherError }[];
}

export interface GroupOperations {
  /** Members of one request, as far as is known. */
  readonly membersMax: number;
  find(name: string, signal: AbortSignal): Promise<AppGroup | undefined>;
  read(id: ExternalId, signal: AbortSignal): Promise<AppGroup | undefined>;
  /** @throws {UsherError} `app_account_exists` where the name is taken. */
  create(name: string, signal: AbortSignal): Promise<AppGroup>;
  rename(id: ExternalId, name: string, signal: AbortSignal): Promise<void>;
  /** Adds and removes in chunks within the app's limits. Present and missing members are not errors. */
  changeMembers(id: ExternalId, change: MemberChange, signal: AbortSignal): Promise<MemberResult>;
  remove(id: ExternalId, signal: AbortSignal): Promise<void>;
  list(
    cursor: string | undefined,
    signal: AbortSignal,
  ): Promise<{ groups: readonly AppGroup[]; next: string | undefined }>;
}

/** One thing a connection test found, in a sentence for the administrator. */
export interface ConnectionFinding {
  readonly subject: string;
  readonly ok: boolean;
  readonly detail: string;
}

export interface ConnectionReport {
  readonly findings: readonly ConnectionFinding[];
}

export type BulkOperation =
  | { readonly kind: 'create'; readonly desired: DesiredAccount }
  | { readonly kind: 'update'; readonly externalId: ExternalId; readonly change: AccountChange };

export type BulkOutcome =
  { readonly ok: true; readonly result: WriteResult } | { readonly ok: false; readonly error: unknown };

/**
 * One open connection to one app. Operations other than `test`, `find`, `create` and `close` exist if and only
 * if the app supports them. All throw {@link UsherError} and nothing else. A write whose answer was lost throws
 * with `outcomeUnknown`; the engine then looks before it writes again.
 */
export interface Connection {
  /** Reads only. Resolves when the app is reachable and lets us in; throws the first thing that is wrong. */
  test(signal: AbortSignal): Promise<ConnectionReport>;
  /**
   * The account of this person: by correlation id where the app can be asked for it, by user name in any letter
   * case, then by e-mail. With a `uniqueAttribute` by correlation id and by that, in any letter case.
   * @throws {UsherError} `app_ambiguous` where two accounts match equally well: it never guesses.
   */
  find(query: AccountQuery, signal: AbortSignal): Promise<Account | undefined>;
  /** @throws {UsherError} `app_account_exists` if the name is taken. */
  create(desired: DesiredAccount, signal: AbortSignal): Promise<WriteResult>;
  /** The account by its id, or undefined when the app says it is gone. */
  read?(id: ExternalId, signal: AbortSignal): Promise<Account | undefined>;
  /** Also reactivates or deactivates where `change.active` says so. @throws `app_account_gone` on 404. */
  update?(id: ExternalId, change: AccountChange, signal: AbortSignal): Promise<WriteResult>;
  deactivate?(id: ExternalId, signal: AbortSignal): Promise<void>;
  /** Deletes the account; a missing account is not an error. */
  remove?(id: ExternalId, signal: AbortSignal): Promise<void>;
  /** One page; the engine keeps the cursor, so that a listing can stop and resume elsewhere. */
  list?(cursor: string | undefined, signal: AbortSignal): Promise<AccountPage>;
  /** Many writes in one request; outcomes in the order of the operations. */
  bulk?: {
    readonly operationsMax: number;
    run(operations: readonly BulkOperation[], signal: AbortSignal): Promise<readonly BulkOutcome[]>;
  };
  readonly groups?: GroupOperations;
  /** Attributes the app says it has, as definitions ready for its profile schema. */
  discoverSchema?(signal: AbortSignal): Promise<AttributeDefinitions>;
  close(): Promise<void>;
}

/** What a connector gets to open a connection with. */
export interface OpenOptions<Settings> {
  readonly settings: Settings;
  readonly attributes: AttributeDefinitions;
  /** Declared peculiarities of the app from its catalog entry, e.g. `{ "membersPerPatchMax": 100 }`. */
  readonly quirks: JsonObject;
  /** What earlier connections learned about this app, as `learn` stored it; `{}` at first. */
  readonly learned: JsonObject;
  /** Merges into the app's stored capability record. */
  learn(facts: { readonly [fact: string]: Json }): void;
  readonly http: HttpClient;
  readonly pageSize: number;
  /** The attribute accounts are found by instead of user name and e-mail; `externalId`: the correlation id alone. */
  readonly uniqueAttribute?: string;
}

/** What came of one rule: `skip` says that it could not be tried, and why. */
export type ProbeOutcome = 'pass' | 'warn' | 'fail' | 'skip';

/** One rule held against what the server did, in sentences for the people who run it. */
export interface ProbeFinding {
  readonly rule: string;
  /** What the rule is about, for grouping. */
  readonly area: string;
  /** critical: provisioning is unsafe or impossible without. important: a client must work around it. */
  readonly weight: 'critical' | 'important' | 'minor';
  readonly outcome: ProbeOutcome;
  /** What must hold. */
  readonly title: string;
  /** What was seen. */
  readonly seen: string;
  /** What it means for provisioning when it does not hold. */
  readonly means: string;
  readonly fix: string;
  /** Where it is written, e.g. `RFC 7644 §3.4.2`. */
  readonly reference: string;
  /** Numbers of the exchanges that show it. */
  readonly exchanges: readonly number[];
}

/** What the server can do, as far as the probe saw it; undefined where it did not see. */
export interface ProbedCapabilities {
  readonly listAccounts: boolean;
  readonly create: boolean | undefined;
  readonly update: boolean | undefined;
  readonly deactivate: boolean | undefined;
  readonly remove: boolean | undefined;
  readonly groups: boolean | undefined;
  readonly discoversSchema: boolean;
  readonly patch: boolean | undefined;
  readonly bulk: boolean | undefined;
  readonly etag: boolean | undefined;
}

export interface ProbeReport {
  readonly url: string;
  readonly started: string;
  readonly durationMs: number;
  readonly requests: number;
  /** Whether a throw-away account was made. */
  readonly wrote: boolean;
  /** 0 to 100: the weight of the rules that hold, of all that could be tried. */
  readonly score: number;
  readonly verdict: string;
  readonly counts: { readonly [outcome in ProbeOutcome]: number };
  readonly capabilities: ProbedCapabilities;
  readonly findings: readonly ProbeFinding[];
  /** Throw-away accounts and groups that could not be deleted, for a person to delete by hand. */
  readonly leftBehind: readonly string[];
  /** What the server says accounts may have, as definitions for a profile schema. */
  readonly attributes: AttributeDefinitions;
  /** For the capability record of a connection: what it would otherwise have to find out. */
  readonly learned: JsonObject;
  readonly exchanges: readonly ProbeExchange[];
}

/** One request and what came back, without credentials and without the people in it. */
export interface ProbeExchange {
  /** From 1. */
  readonly number: number;
  readonly method: HttpRequest['method'];
  readonly url: string;
  readonly requestHeaders: { readonly [name: string]: string };
  readonly requestBody: string | null;
  /** Null where there was no answer; `error` then says why. */
  readonly status: number | null;
  readonly responseHeaders: { readonly [name: string]: string };
  readonly responseBody: string | null;
  readonly error: string | null;
  readonly durationMs: number;
}

/** What a connector gets to hold a server against the rules of its protocol. */
export interface ProbeOptions<Settings> {
  readonly settings: Settings;
  readonly http: HttpClient;
  /** Makes a throw-away account, to learn in which form changes work. Without it nothing is changed. */
  readonly allowWrites: boolean;
  readonly signal: AbortSignal;
  /** Told what is being looked at, for a line of progress. */
  readonly onStage?: (stage: string) => void;
}
