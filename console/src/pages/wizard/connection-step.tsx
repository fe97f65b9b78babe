import { Button, Checkbox, Group, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { send } from '../../api/client';
import { AuthFields, authOf, schemesOf, type AuthValues } from '../../parts/auth-fields';
import { ErrorNote } from '../../parts/states';
import { useUnsaved } from '../../parts/unsaved';
import { t } from '../../text';
import { ProbeReport } from './probe-report';
import { StepCard } from './step-card';
import { useKeep, type Wizard } from './steps';
import type { StepProps } from './wizard';

/** Where the app is and how to sign in there. Kept and tried in one go: the answer says what can follow. */
export function ConnectionStep({ wizard, goTo }: StepProps) {
  const keep = useKeep();
  const queries = useQueryClient();
  const path = { wizardId: wizard.id };
  const isTested = wizard.draft.done.includes('probe');
  const [url, setUrl] = useState(String(wizard.draft.connection?.['baseUrl'] ?? ''));
  const [auth, setAuth] = useState(authFrom(wizard));
  const [editing, setEditing] = useState(!isTested);
  const [kept, setKept] = useState({ url, auth });
  useUnsaved(editing ? { url, auth } : kept, kept);
  const [allowWrites, setAllowWrites] = useState(false);
  const test = useMutation({
    mutationFn: async () => {
      try {
        if (editing) {
          const body = { settings: { baseUrl: url.trim(), auth: authOf(auth) } };
          await send('put', '/usher/v1/wizards/{wizardId}/connection', { path, body });
          setKept({ url, auth });
        }
        await keep(await send('post', '/usher/v1/wizards/{wizardId}/probe', { path, body: { allowWrites } }));
        setEditing(false);
        setAuth((now) => ({ ...now, values: {} }));
      } catch (problem) {
        // What was asked and answered is kept with the wizard, and shown below what was typed.
        await queries.invalidateQueries({ queryKey: ['wizard', wizard.id] });
        throw problem;
      }
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    test.mutate();
  };
  return (
    <StepCard
      step="connection"
      onBack={() => goTo('name')}
      forward={isTested && !editing && <Button onClick={() => goTo('capabilities')}>{t.common.goOn}</Button>}
    >
      <form onSubmit={submit}>
        <Stack maw={560}>
          {editing ? (
            <>
              <TextInput
                label={t.wizard.url}
                description={t.wizard.urlWhat}
                type="url"
                required
                value={url}
                onChange={(event) => setUrl(event.currentTarget.value)}
              />
              <AuthFields auth={auth} offered={schemesOf(undefined)} onChange={setAuth} />
            </>
          ) : (
            <Kept url={url} scheme={auth.scheme} />
          )}
          <Checkbox
            label={t.wizard.allowWrites}
            description={t.wizard.allowWritesWhat}
            checked={allowWrites}
            onChange={(event) => setAllowWrites(event.currentTarget.checked)}
          />
          <Text size="sm" c="var(--mantine-color-dimmed)">
            {isTested ? t.wizard.testAgainWhat : t.wizard.testWhat}
          </Text>
          <ErrorNote error={test.error} />
          <Group>
            <Button type="submit" variant={isTested && !editing ? 'default' : 'filled'} loading={test.isPending}>
              {isTested ? t.wizard.testAgain : t.wizard.test}
            </Button>
            {!editing && (
              <Button variant="default" onClick={() => setEditing(true)}>
                {t.wizard.edit}
              </Button>
            )}
          </Group>
        </Stack>
      </form>
      {wizard.report !== null && <ProbeReport report={wizard.report} />}
    </StepCard>
  );
}

function Kept({ url, scheme }: { readonly url: string; readonly scheme: AuthValues['scheme'] }) {
  return (
    <div>
      <Text className="u-mono">{url}</Text>
      <Text size="sm" mt={4}>
        {t.app.schemes[scheme]}. {t.app.secretKept}
      </Text>
    </div>
  );
}

/** What is known of how to sign in, without the secrets. */
function authFrom({ draft }: Wizard): AuthValues {
  const kept: unknown = draft.connection?.['auth'];
  const entries = typeof kept === 'object' && kept !== null ? Object.entries(kept) : [];
  const values = Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
  const scheme = schemesOf(undefined).find((each) => each === values['scheme']) ?? 'bearer';
  return { scheme, values };
}
