import { Button, Divider, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState, type FormEvent, type ReactNode } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import { send } from '../api/client';
import { providersQuery } from '../api/providers';
import { forgetRequests } from '../api/sent';
import { ErrorNote } from '../parts/states';
import { t } from '../text';

export function LoginPage() {
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [address] = useSearchParams();
  const from = ownPath(address.get('from'));
  const problem = address.get('problem');
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    try {
      const answer = await send('post', '/usher/v1/session', { body: { username, password } });
      queries.clear();
      forgetRequests();
      if (answer.status === 'PASSWORD_EXPIRED') await navigate(`/reset_password/${answer.passwordToken ?? ''}`);
      else await navigate(from);
    } catch (refusal) {
      setError(refusal);
      setBusy(false);
    }
  };
  return (
    <SignInCard title={t.login.title}>
      <form onSubmit={(event) => void submit(event)}>
        <Stack>
          <ErrorNote error={error} />
          {error === undefined && problem !== null && (
            <div role="alert" className="u-note" data-tone="bad">
              {t.login.problems[problem] ?? t.login.problems['broken']}
            </div>
          )}
          <TextInput
            label={t.login.username}
            autoComplete="username"
            autoFocus
            required
            withAsterisk={false}
            value={username}
            onChange={(event) => setUsername(event.currentTarget.value)}
          />
          <PasswordInput
            label={t.session.password}
            autoComplete="current-password"
            required
            withAsterisk={false}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          <Button type="submit" size="md" loading={busy}>
            {t.login.submit}
          </Button>
          <Text size="sm" c="var(--mantine-color-dimmed)">
            {t.login.help}
          </Text>
        </Stack>
      </form>
      <Providers from={from} />
    </SignInCard>
  );
}

/** A way in for each provider; its page is not ours, so that these are links and no calls. */
function Providers({ from }: { readonly from: string }) {
  const { data = [] } = useQuery(providersQuery);
  if (data.length === 0) return null;
  return (
    <Stack mt="md">
      <Divider label={t.login.or} styles={{ label: { color: 'var(--mantine-color-dimmed)' } }} />
      {data.map(({ id, label }) => (
        <Button
          key={id}
          component="a"
          variant="default"
          size="md"
          href={`/usher/v1/sign-in/providers/${id}?from=${encodeURIComponent(from)}`}
        >
          {t.login.signInWith(label)}
        </Button>
      ))}
    </Stack>
  );
}

/** The path of a page of ours, as the browser itself reads the text; else the first page. */
function ownPath(text: string | null): string {
  if (!text?.startsWith('/') || !URL.canParse(text, location.origin)) return '/';
  const { origin, pathname, search, hash } = new URL(text, location.origin);
  return origin === location.origin && !pathname.startsWith('//') ? pathname + search + hash : '/';
}

export function SignInCard({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  useEffect(() => void (document.title = t.frame.documentTitle(title)), [title]);
  return (
    <main style={{ minHeight: '100vh', display: 'grid', placeItems: 'center', padding: 16 }}>
      <div className="u-surface" style={{ inlineSize: 'min(100%, 400px)', padding: 32 }}>
        <Stack align="center" gap="sm" mb="lg">
          <img src="/favicon.svg" alt="" width={44} height={44} />
          <Title order={1} size="h2">
            {title}
          </Title>
        </Stack>
        {children}
      </div>
    </main>
  );
}
