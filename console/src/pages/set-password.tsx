import { Button, PasswordInput, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useNavigate, useParams } from 'react-router';
import { send } from '../api/client';
import { problemIn } from '../parts/problem-in';
import { ErrorNote } from '../parts/states';
import { t } from '../text';
import { SignInCard } from './login';

/** Where links to begin and to reset lead. The token is used up when the password is set. */
export function SetPasswordPage() {
  const { token = '' } = useParams();
  const [password, setPassword] = useState('');
  const [again, setAgain] = useState('');
  const [error, setError] = useState<unknown>();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const differs = again !== '' && again !== password;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (password !== again) return;
    try {
      await send('post', '/usher/v1/session/password', { body: { token, password } });
      queries.clear();
      await navigate('/', { replace: true });
    } catch (problem) {
      setError(problem);
    }
  };
  return (
    <SignInCard title={t.setPassword.title}>
      <form onSubmit={(event) => void submit(event)}>
        <Stack>
          <Text size="sm" c="var(--mantine-color-dimmed)">
            {t.setPassword.rules}
          </Text>
          {problemIn(error, 'token') === undefined ? (
            <ErrorNote error={error} />
          ) : (
            <div className="u-note" data-tone="bad" role="alert">
              <Text size="sm" fw={600}>
                {t.setPassword.used}
              </Text>
            </div>
          )}
          <PasswordInput
            label={t.setPassword.password}
            autoComplete="new-password"
            autoFocus
            required
            withAsterisk={false}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          <PasswordInput
            label={t.setPassword.again}
            autoComplete="new-password"
            required
            withAsterisk={false}
            value={again}
            error={differs ? t.setPassword.differs : undefined}
            onChange={(event) => setAgain(event.currentTarget.value)}
          />
          <Button type="submit" size="md" px="xs">
            {t.setPassword.submit}
          </Button>
        </Stack>
      </form>
    </SignInCard>
  );
}
