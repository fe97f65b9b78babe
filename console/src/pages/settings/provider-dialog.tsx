import { Button, Modal, PasswordInput, Select, Stack, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { send, type Schemas } from '../../api/client';
import { DialogButtons } from '../../parts/dialog-buttons';
import { useChange } from '../../parts/said';
import { ErrorNote } from '../../parts/states';
import { useUnsaved } from '../../parts/unsaved';
import { unsay } from '../../parts/unsay';
import { t } from '../../text';

type Provider = Schemas['IdentityProvider'];
type Claim = Provider['matchClaim'];

const words = t.settings.providers;
const claims: readonly Claim[] = ['email', 'preferred_username'];

interface Props {
  /** Left out: a new one. */
  readonly provider?: Provider;
  readonly onClose: () => void;
}

/** Adds or changes a provider. The secret of one that is there stays, unless it is typed again. */
export function ProviderDialog({ provider, onClose }: Props) {
  const [label, setLabel] = useState(provider?.label ?? '');
  const [issuer, setIssuer] = useState(provider?.issuer ?? '');
  const [clientId, setClientId] = useState(provider?.clientId ?? '');
  const [clientSecret, setClientSecret] = useState('');
  const [matchClaim, setMatchClaim] = useState<Claim>(provider?.matchClaim ?? 'email');
  const { leaving } = useUnsaved({ label, issuer, clientId, clientSecret, matchClaim });
  const save = useChange(
    async () => {
      const secret = clientSecret === '' ? {} : { clientSecret };
      const body = { label, issuer, clientId, matchClaim, ...secret };
      if (provider === undefined) await send('post', '/usher/v1/identity-providers', { body });
      else {
        const path = { providerId: provider.id };
        const whole = { ...body, status: provider.status };
        await send('put', '/usher/v1/identity-providers/{providerId}', { path, body: whole });
      }
      onClose();
    },
    provider === undefined ? words.added : t.common.saved,
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(undefined);
  };
  const elsewhere = provider === undefined || issuer !== provider.issuer || clientId !== provider.clientId;
  return (
    <Modal
      opened
      onClose={leaving(onClose)}
      title={provider === undefined ? words.add : words.editTitle(provider.label)}
      closeButtonProps={{ 'aria-label': t.common.close }}
    >
      <form onSubmit={submit} onChange={unsay(save)}>
        <Stack>
          <ErrorNote error={save.error} />
          <Field label={words.label} description={words.labelWhat} value={label} onType={setLabel} />
          <Field label={words.issuer} description={words.issuerWhat} value={issuer} onType={setIssuer} type="url" />
          <Field label={words.clientId} description={words.clientWhat} value={clientId} onType={setClientId} />
          <PasswordInput
            label={words.clientSecret}
            description={elsewhere ? words.secretWhat : words.secretKept}
            required={elsewhere}
            autoComplete="off"
            maxLength={500}
            value={clientSecret}
            onChange={(event) => setClientSecret(event.currentTarget.value)}
          />
          <Select
            label={words.claim}
            description={words.claimWhat}
            allowDeselect={false}
            data={claims.map((value) => ({ value, label: words.claims[value] }))}
            value={matchClaim}
            onChange={(value) => setMatchClaim(claims.find((claim) => claim === value) ?? matchClaim)}
          />
          <DialogButtons onCancel={onClose}>
            <Button type="submit" loading={save.isPending}>
              {provider === undefined ? t.common.add : t.common.save}
            </Button>
          </DialogButtons>
        </Stack>
      </form>
    </Modal>
  );
}

interface FieldProps {
  readonly label: string;
  readonly description: string;
  readonly value: string;
  readonly onType: (value: string) => void;
  readonly type?: 'url';
}

function Field({ onType, ...rest }: FieldProps) {
  return <TextInput {...rest} required maxLength={500} onChange={(event) => onType(event.currentTarget.value)} />;
}
