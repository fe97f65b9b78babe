/** How one filter answers. `everyone` is the dangerous one: 200 with every account whatever was asked. */
export type FilterBehaviour = 'works' | 'exact' | 'nothing' | 'everyone' | '400' | '500' | '500-html';
/** What one form of PATCH does. `nothing` answers 200 without an effect. */
export type PatchBehaviour = 'works' | 'nothing' | '400' | '500' | '501';

/** One SCIM server's habits: every row is a variant seen in the wild. */
export interface Behaviour {
  /** Bearer token asked for; undefined lets everybody in. */
  readonly token: string | undefined;
  /** Milliseconds before every answer. */
  readonly latencyMs: number;
  readonly discovery: 'full' | '404' | '500';
  readonly bulk: 'works' | 'advertised-broken' | 'none';
  readonly bulkMax: number;
  /** `real` answers 412 to a stale If-Match; `meaningless` sends a header that means nothing. */
  readonly etag: 'real' | 'none' | 'meaningless';
  readonly ids: 'uuid' | 'integer' | 'json-number' | 'userName' | 'slashes';
  readonly duplicate: '409' | '409-empty' | '400-uniqueness' | '500-html' | 'allowed';
  readonly uniqueness: 'ignores-case' | 'exact';
  readonly createAnswer: 'full' | 'partial' | 'empty' | '204';
  /** New accounts are inactive until changed, whatever was asked. */
  readonly createsInactive: boolean;
  readonly filterUserName: FilterBehaviour;
  readonly filterExternalId: FilterBehaviour;
  readonly filterEmail: FilterBehaviour;
  readonly startIndex: 'works' | 'ignored' | 'zero-based-answer';
  readonly totalResults: 'right' | 'page' | 'zero' | 'double';
  /** Rows of one page at most, whatever is asked. */
  readonly pageMax: number;
  /** All PATCH of users at once; the finer switches below only matter when it works. */
  readonly patch: 'works' | '404' | '405' | '500' | '501';
  readonly patchAnswer: 'full' | 'partial' | '204';
  /** `{active: …}` without a path / with `path: "active"`. */
  readonly patchActiveBare: PatchBehaviour;
  readonly patchActivePath: PatchBehaviour;
  readonly patchSubAttribute: PatchBehaviour;
  readonly patchComplex: PatchBehaviour | 'wipes';
  readonly patchValuePath: PatchBehaviour;
  readonly patchAbsentValuePath: PatchBehaviour;
  readonly patchUrnPath: PatchBehaviour;
  readonly patchUrnObject: PatchBehaviour | 'wipes';
  readonly patchRemove: PatchBehaviour;
  readonly patchNull: 'clears' | 'text' | '400';
  readonly put: 'works' | '405' | 'keeps-omitted';
  readonly unknownAttribute: 'stored' | 'dropped' | '400';
  /** Top-level attributes accepted with 2xx and never kept. */
  readonly ignores: readonly string[];
  /** What `active: false` does. */
  readonly deactivate: 'flag' | 'deletes' | 'ignored';
  readonly activeForm: 'boolean' | 'text';
  readonly remove: '204' | '200' | '405';
  /** The answer to writes on an id that is not there. */
  readonly missing: '404' | '500';
  readonly groups: 'works' | '405';
  readonly groupDuplicate: '409' | 'allowed';
  readonly members: 'shown' | 'empty' | 'hidden';
  readonly memberTwice: 'once' | 'doubled' | '409';
  readonly memberRemoveFilter: 'works' | '501' | 'nothing';
  readonly memberUnknown: 'accepted' | '400' | '500';
  /** Members in one PATCH at most; more is 400. */
  readonly membersPerPatchMax: number;
}

export const goodBehaviour: Behaviour = {
  token: undefined,
  latencyMs: 0,
  discovery: 'full',
  bulk: 'none',
  bulkMax: 100,
  etag: 'none',
  ids: 'uuid',
  duplicate: '409',
  uniqueness: 'ignores-case',
  createAnswer: 'full',
  createsInactive: false,
  filterUserName: 'works',
  filterExternalId: 'works',
  filterEmail: 'works',
  startIndex: 'works',
  totalResults: 'right',
  pageMax: 1000,
  patch: 'works',
  patchAnswer: 'full',
  patchActiveBare: 'works',
  patchActivePath: 'works',
  patchSubAttribute: 'works',
  patchComplex: 'works',
  patchValuePath: 'works',
  patchAbsentValuePath: 'works',
  patchUrnPath: 'works',
  patchUrnObject: 'works',
  patchRemove: 'works',
  patchNull: 'clears',
  put: 'works',
  unknownAttribute: 'stored',
  ignores: [],
  deactivate: 'flag',
  activeForm: 'boolean',
  remove: '204',
  missing: '404',
  groups: 'works',
  groupDuplicate: '409',
  members: 'shown',
  memberTwice: 'once',
  memberRemoveFilter: 'works',
  memberUnknown: 'accepted',
  membersPerPatchMax: 1000,
};

/**
 * One planned failure. It hits requests whose `METHOD /path` contains `on`, from the `skip`th match on, `times`
 * times, and of those a share of `probability` drawn from a seeded sequence.
 */
export interface Fault {
  readonly on: string;
  readonly skip?: number;
  readonly times?: number;
  readonly probability?: number;
  /** Whether the request is carried out before the failure shows. */
  readonly effect: 'before' | 'after';
  /** The answer to give instead; absent fields keep the real answer's. */
  readonly status?: number;
  readonly headers?: { readonly [name: string]: string };
  readonly body?: string;
  readonly contentType?: string;
  readonly transport?: 'reset' | 'hang' | 'cut' | 'drip' | 'huge' | 'bomb' | 'huge-headers';
  /** `cut`: bytes of the body that are still sent. */
  readonly cutAt?: number;
  /** `drip`: milliseconds between two bytes. */
  readonly dripMs?: number;
  /** `huge` and `bomb`: bytes of the (unpacked) body. */
  readonly bytes?: number;
  /** Milliseconds to wait before the answer. */
  readonly latencyMs?: number;
}
