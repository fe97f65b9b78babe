import { Button, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState, type FormEvent, type ReactNode } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import { send } from '../api/client';
import { ErrorNote } from '../parts/states';
import { t } from '../text';

export function LoginPage() {
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const from = useSearchParams()[0].get('from') ?? '/';
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    try {
      const answer = await send('post', '/usher/v1/session', { body: { username, password } });
      queries.clear();
      if (answer.status === 'PASSWORD_EXPIRED') await navigate(`/reset_password/${answer.passwordToken ?? ''}`);
      // Only to a page of ours.
      else await navigate(/^\/(?![/\\])/.test(from) ? from : '/');
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  };
  return (
    <SignInCard title={t.login.title}>
      <form onSubmit={(event) => void submit(event)}>
        <Stack>
          <ErrorNote error={error} />
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
    </SignInCard>
  );
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
