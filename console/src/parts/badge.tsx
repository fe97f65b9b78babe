import { t } from '../text';

export type Tone = 'good' | 'bad' | 'warn' | 'info' | 'quiet';

/** Colour, shape and word say the same. */
export function Badge({ tone, children }: { readonly tone: Tone; readonly children: string }) {
  return (
    <span className="u-badge" data-tone={tone}>
      {children}
    </span>
  );
}

const userTones: Readonly<Record<string, Tone>> = {
  ACTIVE: 'good',
  STAGED: 'quiet',
  PROVISIONED: 'info',
  RECOVERY: 'warn',
  PASSWORD_EXPIRED: 'warn',
  LOCKED_OUT: 'bad',
  SUSPENDED: 'warn',
  DEPROVISIONED: 'quiet',
};

export function UserStatus({ status }: { readonly status: string }) {
  return <Badge tone={userTones[status] ?? 'quiet'}>{t.userStatus[status] ?? status}</Badge>;
}

const syncTones: Readonly<Record<string, Tone>> = {
  SYNCHRONIZED: 'good',
  ERROR: 'bad',
  OUT_OF_SYNC: 'info',
  SYNCING: 'info',
  DISABLED: 'quiet',
};

/** How far somebody's account in an app is. */
export function AccountState(props: { readonly syncState: keyof typeof t.syncState; readonly hasAccount: boolean }) {
  const { syncState, hasAccount } = props;
  if (syncState === 'DISABLED' && hasAccount) return <Badge tone="good">{t.syncState.linked}</Badge>;
  return <Badge tone={syncTones[syncState] ?? 'quiet'}>{t.syncState[syncState]}</Badge>;
}
