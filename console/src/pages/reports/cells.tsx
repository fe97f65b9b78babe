import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { Schemas } from '../../api/client';
import type { Permission } from '../../frame/session';
import { AccountState, Badge, UserStatus, type Tone } from '../../parts/badge';
import type { Column } from '../../parts/table';
import { Time } from '../../parts/time';
import { t } from '../../text';

type Report = Schemas['Report'];
type ReportName = Report['name'];
export type Row = Readonly<Record<string, string | number | boolean | null>>;
type Value = string | number | boolean;

const words = t.reports;

/** Which columns fit a page; the file has all of them. */
const shownColumns: Readonly<Record<ReportName, readonly string[]>> = {
  'app-usage': [
    'app',
    'assigned',
    'byUser',
    'byGroup',
    'accounts',
    'active',
    'former',
    'failed',
    'waiting',
    'unprovisioned',
  ],
  'app-access': ['login', 'app', 'syncState', 'assignedBy', 'group', 'groupSince', 'userName', 'userStatus', 'error'],
  'unassigned-accounts': ['app', 'userName', 'state', 'login', 'userStatus', 'since', 'lastSeen', 'error'],
  leavers: ['login', 'leftAt', 'app', 'state', 'seconds', 'how', 'byHand', 'offAt', 'error'],
  unassignments: ['login', 'at', 'app', 'active', 'assigned', 'error'],
  failures: ['day', 'app', 'errorCode', 'kind', 'writes', 'people', 'example', 'suggestion'],
};

export function columnsOf({ name, columns }: Report, permissions: readonly Permission[]): readonly Column<Row>[] {
  return shownColumns[name].flatMap((shown) => {
    const column = columns.find((each) => each.name === shown);
    if (column === undefined) return [];
    return [{ title: wordOf(words.columns, shown), cell: (row: Row) => cellOf(row, column, permissions) }];
  });
}

/** The word for a code; the code itself where there is none. */
export function wordOf(names: Readonly<Record<string, string>>, code: string): string {
  return Object.hasOwn(names, code) ? (names[code] ?? code) : code;
}

function cellOf(row: Row, { name, kind }: Report['columns'][number], permissions: readonly Permission[]): ReactNode {
  const value = row[name] ?? null;
  if (name === 'login') return <PersonCell row={row} linked={permissions.includes('users.read')} />;
  if (name === 'assignedBy' && value === null) return words.notAssigned;
  if (value === null) return null;
  if (name === 'app') return <AppCell row={row} linked={permissions.includes('apps.read')} />;
  return kind === 'code' ? codeOf(name, String(value)) : valueOf(kind, value);
}

function valueOf(kind: Report['columns'][number]['kind'], value: Value): ReactNode {
  switch (kind) {
    case 'moment':
      return <Time at={String(value)} />;
    case 'seconds':
      return <span style={{ whiteSpace: 'nowrap' }}>{durationOf(Number(value))}</span>;
    case 'flag':
      return value === true ? t.common.yes : t.common.no;
    case 'count':
      return value.toLocaleString(t.locale);
    default:
      return <div style={{ whiteSpace: 'normal', minInlineSize: String(value).length > 40 ? 240 : 0 }}>{value}</div>;
  }
}

const stateTones: Readonly<Record<string, Tone>> = { OFF: 'good', WAS_OFF: 'quiet', RETURNED: 'info', FORMER: 'warn' };

function codeOf(name: string, code: string): ReactNode {
  if (name === 'userStatus') return <UserStatus status={code} />;
  if (name === 'syncState' && isSyncState(code)) return <AccountState syncState={code} hasAccount={false} />;
  if (name === 'state') return <Badge tone={stateTones[code] ?? 'bad'}>{wordOf(words.states, code)}</Badge>;
  if (name === 'errorCode') return <span className="u-mono">{code}</span>;
  return <span style={{ whiteSpace: 'nowrap' }}>{wordOf(words.codes, code)}</span>;
}

function isSyncState(code: string): code is keyof typeof t.syncState {
  return Object.hasOwn(t.syncState, code);
}

function PersonCell({ row, linked }: { readonly row: Row; readonly linked: boolean }) {
  const { login, name, userId } = row;
  if (userId == null) return null;
  const shown = String(name ?? login ?? userId);
  return (
    <>
      {/* Without a login they have been deleted: there is no page. */}
      {linked && login != null ? (
        <Link className="u-link" to={`/admin/people/${String(userId)}`}>
          {shown}
        </Link>
      ) : (
        shown
      )}
      {name != null && login != null && (
        <Text size="xs" c="var(--mantine-color-dimmed)" component="div">
          {login}
        </Text>
      )}
    </>
  );
}

function AppCell({ row: { app, appId }, linked }: { readonly row: Row; readonly linked: boolean }) {
  if (!linked || appId == null) return app;
  return (
    <Link className="u-link" to={`/admin/applications/${String(appId)}`}>
      {app}
    </Link>
  );
}

const units = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

/** In the largest unit there is a whole one of. */
function durationOf(seconds: number): string {
  const [unit, size] = units.find(([, length]) => seconds >= length) ?? (['second', 1] as const);
  const format = new Intl.NumberFormat(t.locale, {
    style: 'unit',
    unit,
    unitDisplay: 'long',
    maximumFractionDigits: 1,
  });
  return format.format(seconds / size);
}
