import { useQuery } from '@tanstack/react-query';
import { get } from '../api/client';
import { t } from '../text';
import { Badge, type Tone } from './badge';

const statusTones: Readonly<Record<string, Tone>> = {
  COMPUTING: 'info',
  READY: 'info',
  APPLIED: 'good',
  DISCARDED: 'quiet',
  FAILED: 'bad',
};

export function PlanStatus({ status }: { readonly status: string }) {
  return <Badge tone={statusTones[status] ?? 'quiet'}>{t.plans.statuses[status] ?? status}</Badge>;
}

/** What is done to an account: what takes something away stands out. */
const kindTones: Readonly<Record<string, Tone>> = {
  create: 'good',
  link: 'good',
  reactivate: 'good',
  update: 'info',
  match: 'info',
  move: 'warn',
  deactivate: 'warn',
  remove_entitlements: 'warn',
  task: 'warn',
  remove: 'bad',
  error: 'bad',
};

export function PlanKind({ kind }: { readonly kind: string }) {
  return <Badge tone={kindTones[kind] ?? 'quiet'}>{t.plans.kinds[kind] ?? kind}</Badge>;
}

/** The kinds in the order people look at them: what would go wrong and what takes away first. */
export function countsInOrder(counts: Readonly<Record<string, number>>): readonly (readonly [string, number])[] {
  const order = [
    'error',
    'remove',
    'deactivate',
    'remove_entitlements',
    'task',
    'create',
    'link',
    'reactivate',
    'move',
  ];
  const place = (kind: string) => {
    if (kind === 'none') return order.length + 2;
    return order.includes(kind) ? order.indexOf(kind) : order.length + 1;
  };
  return Object.entries(counts)
    .filter(([, count]) => count > 0)
    .toSorted(([a], [b]) => place(a) - place(b));
}

export function AppName({ appId }: { readonly appId: string }) {
  const { data } = useQuery({
    queryKey: ['app', appId],
    queryFn: () => get('/api/v1/apps/{appId}', { path: { appId } }),
  });
  return <>{data?.label ?? appId}</>;
}
