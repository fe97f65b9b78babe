/** What a value is, so that every interface can show it its own way. Seconds are a duration; moments are in UTC. */
export type ReportColumnKind = 'text' | 'code' | 'count' | 'flag' | 'moment' | 'seconds';

export interface ReportColumn {
  readonly name: string;
  readonly title: string;
  readonly kind: ReportColumnKind;
}

export const reportFilters = ['appId', 'userId', 'state', 'since', 'until'] as const;
export type ReportFilterName = (typeof reportFilters)[number];

export interface Report {
  readonly name: ReportName;
  readonly title: string;
  readonly description: string;
  readonly filters: readonly ReportFilterName[];
  /** What `state` can be asked for. */
  readonly states: readonly string[];
  /** Whether there is a chart of it. */
  readonly chart: boolean;
  readonly columns: readonly ReportColumn[];
}

export const reportNames = [
  'app-usage',
  'app-access',
  'unassigned-accounts',
  'leavers',
  'unassignments',
  'failures',
] as const;
export type ReportName = (typeof reportNames)[number];

const accessStates = ['DISABLED', 'ERROR', 'FORMER', 'OUT_OF_SYNC', 'SYNCHRONIZED', 'SYNCING'] as const;

/** FORMER: of somebody without the app. PERSON_DELETED: of somebody who is no more. UNKNOWN: nobody's, as far as is known. */
const unassignedStates = ['FORMER', 'PERSON_DELETED', 'UNKNOWN'] as const;

/**
 * OFF: switched off, deleted or without entitlements since. ON: still on. WAS_OFF: had been off before.
 * RETURNED: the person came back before it was off.
 */
const leaverStates = ['OFF', 'ON', 'WAS_OFF', 'RETURNED'] as const;

/** All reports there are, in the order they are shown. A row has a value, or null, for each column and nothing else. */
export const reports: Readonly<Record<ReportName, Report>> = {
  'app-usage': {
    name: 'app-usage',
    title: 'Accounts per application',
    description: 'How many people have each application, how many accounts that makes, and what is wrong with them.',
    filters: ['appId'],
    states: [],
    chart: true,
    columns: [
      ...appColumns(),
      column('appStatus', 'application status', 'code'),
      column('assigned', 'assigned', 'count'),
      column('byUser', 'individually', 'count'),
      column('byGroup', 'by groups', 'count'),
      column('accounts', 'accounts', 'count'),
      column('active', 'active', 'count'),
      column('former', 'active without assignment', 'count'),
      column('failed', 'failed', 'count'),
      column('waiting', 'waiting', 'count'),
      column('unprovisioned', 'not provisioned', 'count'),
      column('lastSync', 'last confirmed', 'moment'),
    ],
  },
  'app-access': {
    name: 'app-access',
    title: 'Application access',
    description: 'Who has which account in which application, by which assignment, since when, and how far it is.',
    filters: ['appId', 'userId', 'state'],
    states: accessStates,
    chart: false,
    columns: [
      ...appColumns(),
      ...personColumns(),
      column('userStatus', 'person status', 'code'),
      column('assignedBy', 'assigned by', 'code'),
      column('group', 'group'),
      column('groupSince', 'in the group since', 'moment'),
      column('userName', 'user name'),
      column('externalId', 'account id'),
      column('active', 'account active', 'flag'),
      column('status', 'status', 'code'),
      column('statusSince', 'status since', 'moment'),
      column('syncState', 'sync state', 'code'),
      column('firstAssigned', 'first assigned', 'moment'),
      column('lastSync', 'last confirmed', 'moment'),
      column('error', 'error'),
    ],
  },
  'unassigned-accounts': {
    name: 'unassigned-accounts',
    title: 'Accounts nobody should have',
    description:
      'Active accounts of people who do not have the application, and accounts in it that belong to nobody known here.',
    filters: ['appId', 'state'],
    states: unassignedStates,
    chart: false,
    columns: [
      ...appColumns(),
      column('state', 'why', 'code'),
      column('externalId', 'account id'),
      column('userName', 'user name'),
      ...personColumns(),
      column('userStatus', 'person status', 'code'),
      column('since', 'without assignment since', 'moment'),
      column('lastSeen', 'last seen in the application', 'moment'),
      column('error', 'error'),
    ],
  },
  leavers: {
    name: 'leavers',
    title: 'Leavers',
    description: 'Everybody who was deactivated, each account they had, and how long it took until it was off.',
    filters: ['appId', 'userId', 'state', 'since', 'until'],
    states: leaverStates,
    chart: true,
    columns: [
      column('leftAt', 'left', 'moment'),
      ...personColumns(),
      ...appColumns(),
      column('userName', 'user name'),
      column('externalId', 'account id'),
      column('state', 'account', 'code'),
      column('how', 'how', 'code'),
      column('byHand', 'by hand', 'flag'),
      column('offAt', 'off', 'moment'),
      column('seconds', 'took', 'seconds'),
      column('error', 'error'),
    ],
  },
  unassignments: {
    name: 'unassignments',
    title: 'Recent unassignments',
    description: 'Who lost which application when, and what has become of the account since.',
    filters: ['appId', 'userId', 'since', 'until'],
    states: [],
    chart: false,
    columns: [
      column('at', 'unassigned', 'moment'),
      ...personColumns(),
      ...appColumns(),
      column('userName', 'user name'),
      column('assigned', 'assigned again', 'flag'),
      column('active', 'account active', 'flag'),
      column('status', 'status', 'code'),
      column('error', 'error'),
    ],
  },
  failures: {
    name: 'failures',
    title: 'Failed writes',
    description: 'Writes to applications that failed, day by day (UTC), by application and cause, with what to do.',
    filters: ['appId', 'since', 'until'],
    states: [],
    chart: true,
    columns: [
      column('day', 'day', 'moment'),
      ...appColumns(),
      column('errorCode', 'cause', 'code'),
      column('kind', 'write', 'code'),
      column('writes', 'writes', 'count'),
      column('people', 'people', 'count'),
      column('lastAt', 'last', 'moment'),
      column('example', 'for example'),
      column('suggestion', 'what to do'),
    ],
  },
};

export type ReportCell = string | number | boolean | Date | null;

export interface ReportRow {
  readonly cells: Readonly<Record<string, ReportCell>>;
  /** Where a page ends that this row is the last of. */
  readonly end: readonly string[];
}

/** Bars of counts, one upon the other; a bar has a count for every series. */
export interface ReportChart {
  readonly series: readonly string[];
  readonly bars: readonly {
    /** A moment, a code or an id: of the kind that the report counts by. */
    readonly key: string;
    /** Its name, where it has one. */
    readonly label: string | null;
    readonly values: Readonly<Record<string, number>>;
  }[];
}

function column(name: string, title: string, kind: ReportColumnKind = 'text'): ReportColumn {
  return { name, title, kind };
}

function appColumns(): readonly ReportColumn[] {
  return [column('app', 'application'), column('appId', 'application id')];
}

function personColumns(): readonly ReportColumn[] {
  return [column('login', 'login'), column('name', 'name'), column('userId', 'person id')];
}
