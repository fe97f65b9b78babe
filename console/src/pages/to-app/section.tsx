import { Button, Group, NumberInput, Stack } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent, type ReactNode } from 'react';
import { get, send, type Schemas } from '../../api/client';
import { keep } from '../../api/keep';
import { useMay } from '../../frame/session';
import { refuseOvertaken } from '../../parts/meanwhile';
import { Card } from '../../parts/page';
import { PreviewButton } from '../../parts/preview';
import { problemIn } from '../../parts/problem-in';
import { useChange } from '../../parts/said';
import { ErrorNote } from '../../parts/states';
import { useUnsaved } from '../../parts/unsaved';
import { t } from '../../text';
import { inWords, titleOf } from './in-words';

export type Settings = Schemas['ToAppSettings'];
type Changes = Partial<Omit<Settings, 'limits' | 'supports'>> & { readonly limits?: Partial<Settings['limits']> };

/** A section while it is edited: what is saved with what was changed over it. */
export interface Form {
  readonly value: Settings;
  readonly disabled: boolean;
  set(changes: Changes): void;
  /** What the server has against a setting. */
  problemOf(name: string): string | undefined;
}

interface Props {
  readonly appId: string;
  readonly title: string;
  readonly settings: Settings;
  readonly children: (form: Form) => ReactNode;
}

/** Settings that are saved, or previewed, together. */
export function Section({ appId, title, settings, children }: Props) {
  const may = useMay();
  const queries = useQueryClient();
  const [changes, setChanges] = useState<Changes>({});
  /** What was saved when the changes began, or when others' were last told. */
  const [begun, setBegun] = useState(settings);
  const [confirmed, setConfirmed] = useState<number>();
  const [fault, setFault] = useState<unknown>(null);
  const save = useChange(async () => {
    const path = { appId };
    const now = await get('/usher/v1/apps/{appId}/provisioning', { path });
    setBegun(now);
    const typed = inWords({ ...now, ...changes, limits: { ...now.limits, ...changes.limits } }, Object.keys(changes));
    refuseOvertaken({ begun: inWords(begun), now: inWords(now), typed, titleOf });
    const body = { ...changes, ...(confirmed === undefined ? {} : { confirmDeletions: confirmed }) };
    const saved = await send('patch', '/usher/v1/apps/{appId}/provisioning', { path, body });
    await keep(queries, ['provisioning', appId], saved);
    setChanges({});
    setConfirmed(undefined);
  }, t.toApp.saved);
  const error = fault ?? save.error;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setFault(null);
    save.mutate(undefined);
  };
  const problemOf = (name: string) => problemIn(error, name);
  const isChanged = Object.keys(changes).length > 0;
  const form: Form = {
    value: { ...settings, ...changes, limits: { ...settings.limits, ...changes.limits } },
    disabled: !may('apps.manage'),
    set: (more) => {
      if (!isChanged) setBegun(settings);
      setChanges((now) => ({
        ...now,
        ...more,
        ...(more.limits === undefined ? {} : { limits: { ...now.limits, ...more.limits } }),
      }));
    },
    problemOf,
  };
  const { forget } = useUnsaved(form.value, settings);
  return (
    <Card title={title}>
      <form onSubmit={submit} noValidate>
        <Stack maw={560}>
          <ErrorNote error={error} />
          {children(form)}
          {(problemOf('confirmDeletions') !== undefined || confirmed !== undefined) && (
            <NumberInput
              label={t.toApp.confirmDeletions.label}
              description={t.toApp.confirmDeletions.what}
              min={0}
              hideControls
              value={confirmed ?? ''}
              onChange={(count) => setConfirmed(count === '' ? undefined : Number(count))}
            />
          )}
          {!form.disabled && (
            <Group>
              <Button
                type="submit"
                variant="default"
                disabled={!isChanged}
                loading={save.isPending}
                aria-label={t.toApp.saveOf(title)}
              >
                {t.common.save}
              </Button>
              <PreviewButton
                change={{ kind: 'provisioning', appId, settings: changes }}
                disabled={!isChanged}
                accessibleLabel={t.toApp.previewOf(title)}
                onError={setFault}
                onPlanned={forget}
              />
            </Group>
          )}
        </Stack>
      </form>
    </Card>
  );
}
