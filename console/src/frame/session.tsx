import { Button, Group, Modal, PasswordInput, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { createContext, use, useMemo, useRef, useState, type FormEvent } from 'react';
import { Navigate, Outlet, useLocation } from 'react-router';
import { ApiError, get, send, bindSession, type Schemas } from '../api/client';
import { providersQuery } from '../api/providers';
import { problemText } from '../pages/login-done';
import { ErrorNote, Waiting } from '../parts/states';
import { UnsavedForms } from '../parts/unsaved';
import { t } from '../text';
import { Live } from './live';
import { openProviderWindow, useProviderWindow } from './provider-window';
import { Rights } from './rights';

type Session = Schemas['SessionInfo'];
export type Permission = Session['permissions'][number];

const SessionContext = createContext<Session | undefined>(undefined);

export function useSession(): Session {
  const session = use(SessionContext);
  if (session === undefined) throw new Error('A page for people who are signed in stands outside of the session gate.');
  return session;
}

export function useMay(): (permission: Permission) => boolean {
  const { permissions } = useSession();
  return (permission) => permissions.includes(permission);
}

const sessionQuery = {
  queryKey: ['session'],
  queryFn: () => get('/usher/v1/session', { unattended: true }),
  initialData: takeSentSession,
  staleTime: 60_000,
};

/** What the page was sent with, once: who signs in on it later is somebody else. Undefined where nobody was signed in. */
function takeSentSession(): Session | undefined {
  const place = document.querySelector('meta[name="session"]');
  const text = place?.getAttribute('content') ?? '';
  place?.remove();
  if (!text.startsWith('{')) return undefined;
  const sent: Session = JSON.parse(text);
  return sent;
}

/** Where `/` leads: administrators to the console, everybody else to their apps. */
export function StartPage() {
  const { data, error } = useQuery(sessionQuery);
  if (error !== null) return <Navigate to="/login" replace />;
  if (data === undefined) return <Waiting />;
  return <Navigate to={data.permissions.length > 0 ? '/admin' : '/my'} replace />;
}

/** Lets through who is signed in; the others sign in first and come back. What is typed is kept when a session ends. */
export function SessionGate() {
  const { data, error, refetch } = useQuery(sessionQuery);
  const [ended, setEnded] = useState(false);
  const [asking, setAsking] = useState(false);
  const asked = useRef<Promise<boolean>>(undefined);
  const answer = useRef<(proven: boolean) => void>(() => undefined);
  const location = useLocation();
  const settle = (proven: boolean) => {
    setAsking(false);
    asked.current = undefined;
    answer.current(proven);
  };
  const goOn = async () => {
    const { data: now } = await refetch();
    // Somebody else would go on with what is not theirs.
    if (now !== undefined && now.user.id !== data?.user.id) window.location.reload();
    setEnded(false);
  };
  useMemo(() => {
    bindSession({
      csrfToken: data?.csrfToken ?? null,
      onSignedOut: () => setEnded(true),
      // Two that ask at once wait for the same answer.
      askForProof: () =>
        (asked.current ??= new Promise<boolean>((resolve) => {
          answer.current = resolve;
          setAsking(true);
        })),
    });
  }, [data?.csrfToken]);
  if (error instanceof ApiError && error.status === 401 && data === undefined) {
    const from = `${location.pathname}${location.search}`;
    return <Navigate to={`/login?from=${encodeURIComponent(from)}`} replace />;
  }
  if (error !== null && data === undefined) return <ErrorNote error={error} retry={() => void refetch()} />;
  if (data === undefined) return <Waiting />;
  return (
    <SessionContext value={data}>
      <UnsavedForms waiting={asking || ended}>
        <Outlet />
      </UnsavedForms>
      <Rights key={data.user.id} permissions={data.permissions} />
      <Live key={data.csrfToken} onSignedOut={() => setEnded(true)} />
      {/* Made when they are asked for, so that they lie over a dialog that stands there already. */}
      {asking && <ProofModal onDone={settle} />}
      {ended && <SignInAgain login={data.user.login} onDone={() => void goOn()} />}
    </SessionContext>
  );
}

function ProofModal({ onDone }: { readonly onDone: (proven: boolean) => void }) {
  return (
    <PasswordModal
      title={t.session.proofTitle}
      why={t.session.proofWhy}
      onClose={() => onDone(false)}
      onProvider={() => onDone(true)}
      fresh
      onPassword={async (password) => {
        await send('post', '/usher/v1/session/proof', { body: { password } });
        onDone(true);
      }}
    />
  );
}

function SignInAgain(props: { readonly login: string; readonly onDone: () => void }) {
  return (
    <PasswordModal
      title={t.session.endedTitle}
      why={t.session.endedWhy(props.login)}
      onPassword={async (password) => {
        await send('post', '/usher/v1/session', { body: { username: props.login, password } });
        props.onDone();
      }}
      onProvider={props.onDone}
    />
  );
}

function PasswordModal(props: {
  readonly title: string;
  readonly why: string;
  readonly onPassword: (password: string) => Promise<void>;
  /** They have signed in with a provider. */
  readonly onProvider: () => void;
  /** Whether it is to ask who they are though it knows. */
  readonly fresh?: boolean;
  readonly onClose?: () => void;
}) {
  const [password, setPassword] = useState('');
  const [error, setError] = useState<unknown>();
  const { onClose } = props;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    try {
      await props.onPassword(password);
      setPassword('');
      setError(undefined);
    } catch (problem) {
      setError(problem);
    }
  };
  return (
    <Modal
      opened
      title={props.title}
      withCloseButton={onClose !== undefined}
      closeOnClickOutside={false}
      onClose={onClose ?? (() => undefined)}
      closeButtonProps={{ 'aria-label': t.common.close }}
    >
      <form onSubmit={(event) => void submit(event)} onChange={() => setError(undefined)}>
        <Stack>
          <Text size="sm">{props.why}</Text>
          <ErrorNote error={error} />
          <PasswordInput
            label={t.session.password}
            data-autofocus
            autoComplete="current-password"
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          <Providers fresh={props.fresh ?? false} onDone={props.onProvider} onError={setError} />
          <Group justify="flex-end">
            {onClose && (
              <Button variant="default" onClick={onClose}>
                {t.common.cancel}
              </Button>
            )}
            <Button type="submit" disabled={password === ''}>
              {t.common.goOn}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

interface ProvidersProps {
  readonly fresh: boolean;
  readonly onDone: () => void;
  readonly onError: (error: unknown) => void;
}

/** For who has no password here. The page stays as it is meanwhile. */
function Providers({ fresh, onDone, onError }: ProvidersProps) {
  const { data = [] } = useQuery(providersQuery);
  useProviderWindow((problem) => {
    if (problem === null) onDone();
    else onError(new ApiError(401, { errorSummary: problemText(problem) ?? '' }));
  });
  return data.map(({ id, label }) => (
    <Button key={id} variant="default" onClick={() => openProviderWindow(id, fresh)}>
      {t.session.againWith(label)}
    </Button>
  ));
}
