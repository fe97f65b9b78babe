import { Text } from '@mantine/core';
import { useEffect } from 'react';
import { useSearchParams } from 'react-router';
import { tellProviderWindow } from '../frame/provider-window';
import { t } from '../text';
import { SignInCard } from './login';

/** Where the window ends in which somebody signs in again with a provider. It tells the page they came from, and closes. */
export function LoginDonePage() {
  const [address] = useSearchParams();
  const problem = address.get('problem');
  useEffect(() => {
    tellProviderWindow(problem);
    window.close();
  }, [problem]);
  return (
    <SignInCard title={problem === null ? t.login.done : t.login.notDone}>
      <Text size="sm">{problem === null ? t.login.doneWhat : problemText(problem)}</Text>
    </SignInCard>
  );
}

export function problemText(problem: string): string | undefined {
  return t.login.problems[problem] ?? t.login.problems['broken'];
}
