import { Button, Checkbox, Group, Modal, Radio, Stack, Text, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useNavigate } from 'react-router';
import { send, type Schemas } from '../api/client';
import { DialogButtons } from '../parts/dialog-buttons';
import { Card } from '../parts/page';
import { PreviewButton } from '../parts/preview';
import { sayDone, useChange } from '../parts/said';
import { ShownOnce } from '../parts/shown-once';
import { ErrorNote } from '../parts/states';
import { useUnsaved } from '../parts/unsaved';
import { unsay } from '../parts/unsay';
import { t } from '../text';

type App = Schemas['Application'];

/** Another instance on the same accounts, for provisioning beside the one people sign in with. */
export function AppDuplicate({ app }: { readonly app: App }) {
  const [opened, setOpened] = useState(false);
  return (
    <Card title={t.appDuplicate.title}>
      <Stack>
        <Text size="sm">{t.appDuplicate.what}</Text>
        <Group>
          <Button variant="default" onClick={() => setOpened(true)}>
            {t.appDuplicate.open}
          </Button>
        </Group>
      </Stack>
      {opened && <DuplicateDialog app={app} onClose={() => setOpened(false)} />}
    </Card>
  );
}

interface SecretProps {
  readonly label: string;
  readonly secret: string;
  readonly onKept: () => void;
}

/** The secret of the client that people sign in to the duplicate by, where it has one. */
export function DuplicateSecret({ label, secret, onKept }: SecretProps) {
  return (
    <Modal
      opened
      onClose={onKept}
      title={label}
      withCloseButton={false}
      closeOnClickOutside={false}
      closeOnEscape={false}
    >
      <ShownOnce what={t.appDuplicate.secretOnce} label={t.appDuplicate.secret} value={secret} onKept={onKept} />
    </Modal>
  );
}

const choices = ['MATCH', 'STAY', 'MOVE'] as const;

function DuplicateDialog({ app, onClose }: { readonly app: App; readonly onClose: () => void }) {
  const navigate = useNavigate();
  const [label, setLabel] = useState(t.appDuplicate.proposal(app.label));
  const [links, setLinks] = useState('MATCH');
  const [visible, setVisible] = useState(false);
  const { leaving, forget } = useUnsaved({ label, links, visible });
  const [unplanned, setUnplanned] = useState<unknown>(null);
  const [shown, setShown] = useState<{ readonly appId: string; readonly secret: string }>();
  const goTo = async (appId: string) => {
    onClose();
    await navigate(`/admin/applications/${appId}/provisioning`);
  };
  const make = useChange(async () => {
    const made = await send('post', '/usher/v1/apps/{appId}/duplicate', {
      path: { appId: app.id },
      body: { label, links, visible },
    });
    sayDone(t.appDuplicate.made(made.app.label));
    forget();
    const secret = clientSecretOf(made.app);
    if (secret === undefined) await goTo(made.app.id);
    else setShown({ appId: made.app.id, secret });
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setUnplanned(null);
    make.mutate(undefined);
  };
  if (shown !== undefined) {
    return <DuplicateSecret label={label} secret={shown.secret} onKept={() => void goTo(shown.appId)} />;
  }
  return (
    <Modal
      opened
      onClose={leaving(onClose)}
      title={t.appDuplicate.dialog(app.label)}
      size="lg"
      closeButtonProps={{ 'aria-label': t.common.close }}
    >
      <form onSubmit={submit} onChange={unsay(make, () => setUnplanned(null))}>
        <Stack>
          <ErrorNote error={unplanned ?? make.error} />
          <TextInput
            label={t.appDuplicate.label}
            required
            data-autofocus
            value={label}
            onChange={(event) => setLabel(event.currentTarget.value)}
          />
          <Radio.Group label={t.appDuplicate.links} value={links} onChange={setLinks}>
            <Stack gap="sm" mt="xs">
              {choices.map((choice) => (
                <Radio
                  key={choice}
                  value={choice}
                  label={t.appDuplicate.choices[choice].label}
                  description={t.appDuplicate.choices[choice].what}
                />
              ))}
            </Stack>
          </Radio.Group>
          <Checkbox
            label={t.appDuplicate.visible}
            checked={visible}
            onChange={(event) => setVisible(event.currentTarget.checked)}
          />
          <Text size="sm" c="var(--mantine-color-dimmed)">
            {t.appDuplicate.previewWhat}
          </Text>
          <DialogButtons onCancel={onClose}>
            <PreviewButton
              change={{ kind: 'duplicate', appId: app.id, label, links, visible }}
              disabled={label.trim() === ''}
              onError={setUnplanned}
              onPlanned={forget}
            />
            <Button type="submit" loading={make.isPending}>
              {t.appDuplicate.make}
            </Button>
          </DialogButtons>
        </Stack>
      </form>
    </Modal>
  );
}

function clientSecretOf({ credentials }: App): string | undefined {
  const client = credentials['oauthClient'];
  const secret = typeof client === 'object' && client !== null && 'client_secret' in client && client.client_secret;
  return typeof secret === 'string' ? secret : undefined;
}
