import { Select, SimpleGrid, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { mappingQuery } from '../../api/mapping';
import { t } from '../../text';
import { ChoiceField, FlagField, NumberField, PasswordField } from './fields';
import { Section, type Form, type Settings } from './section';

interface Props {
  readonly appId: string;
  readonly settings: Settings;
}

/** Everything else that can be set of an app that is provisioned, by what it is about. */
export function ToAppSections(props: Props) {
  return (
    <>
      <Section title={t.toApp.accounts} {...props}>
        {(form) => (
          <>
            <FlagField form={form} name="reactivate" able={form.value.supports.reactivate} />
            <FlagField form={form} name="pushPending" />
            <FlagField form={form} name="excludeUserNameUpdates" />
            <RecognisedBy appId={props.appId} form={form} />
            <PasswordField form={form} />
          </>
        )}
      </Section>
      <Section title={t.toApp.leaving} {...props}>
        {(form) => <Leaving form={form} />}
      </Section>
      <Section title={t.toApp.advanced} {...props}>
        {(form) => <Advanced form={form} />}
      </Section>
    </>
  );
}

/** What an account that is there already is known by: the user name, our own key, or an attribute that is mapped. */
function RecognisedBy({ appId, form }: { readonly appId: string; readonly form: Form }) {
  const { data } = useQuery(mappingQuery(appId));
  const { label, what, choices } = t.toApp.uniqueAttribute;
  const { uniqueAttribute } = form.value;
  const mapped = Object.keys(data?.properties ?? {}).filter((name) => name !== 'userName');
  const names = [...new Set([...mapped, uniqueAttribute])].filter((name) => !Object.hasOwn(choices, name));
  return (
    <Select
      label={label}
      description={what}
      data={[...Object.entries(choices).map(([value, text]) => ({ value, label: text })), ...names]}
      value={uniqueAttribute}
      allowDeselect={false}
      disabled={form.disabled}
      error={form.problemOf('uniqueAttribute')}
      onChange={(value) => value !== null && form.set({ uniqueAttribute: value })}
    />
  );
}

/** Of an app that has no interface: whether tasks are made of it. */
export function ManualSection(props: Props) {
  return (
    <Section title={t.toApp.manualTitle} {...props}>
      {(form) => <FlagField form={form} name="manual" />}
    </Section>
  );
}

function Leaving({ form }: { readonly form: Form }) {
  const { deprovision, deleteAfterDays, supports } = form.value;
  const without = [
    ...(supports.deactivate ? [] : ['DEACTIVATE']),
    ...(supports.update ? [] : ['REMOVE_ENTITLEMENTS']),
    ...(supports.remove ? [] : ['DELETE']),
  ];
  return (
    <>
      <ChoiceField form={form} name="deprovision" without={without} />
      {deprovision === 'DELETE' && (
        <NumberField
          form={form}
          name="deleteAfterDays"
          words={t.toApp.deleteAfterDays}
          value={deleteAfterDays}
          onChange={(days) => form.set({ deleteAfterDays: days ?? 0 })}
        />
      )}
      {deprovision === 'REMOVE_ENTITLEMENTS' && <Entitlements form={form} />}
      <ChoiceField form={form} name="suspended" />
    </>
  );
}

/** Keeps its own text, so that a comma can be typed. */
function Entitlements({ form }: { readonly form: Form }) {
  const [text, setText] = useState((form.value.entitlements ?? []).join(', '));
  const change = (typed: string) => {
    setText(typed);
    const names = typed.split(',').flatMap((name) => (name.trim() === '' ? [] : [name.trim()]));
    form.set({ entitlements: names.length === 0 ? null : names });
  };
  return (
    <TextInput
      label={t.toApp.entitlements.label}
      description={t.toApp.entitlements.what}
      value={text}
      disabled={form.disabled}
      error={form.problemOf('entitlements')}
      onChange={(event) => change(event.currentTarget.value)}
    />
  );
}

function Advanced({ form }: { readonly form: Form }) {
  const { concurrencyMax, requestsPerMinute, timeoutMs, pageSize } = form.value.limits;
  return (
    <>
      <Text size="sm">{t.toApp.advancedWhat}</Text>
      <ChoiceField form={form} name="updateVerb" />
      <SimpleGrid cols={{ base: 1, sm: 2 }} style={{ alignItems: 'end' }}>
        <NumberField
          form={form}
          name="concurrencyMax"
          words={t.toApp.concurrencyMax}
          value={concurrencyMax}
          onChange={(count) => form.set({ limits: { concurrencyMax: count ?? 0 } })}
        />
        <NumberField
          form={form}
          name="requestsPerMinute"
          words={t.toApp.requestsPerMinute}
          value={requestsPerMinute}
          onChange={(count) => form.set({ limits: { requestsPerMinute: count } })}
        />
        <NumberField
          form={form}
          name="timeoutMs"
          words={t.toApp.timeoutSeconds}
          value={timeoutMs / 1_000}
          onChange={(seconds) => form.set({ limits: { timeoutMs: Math.round((seconds ?? 0) * 1_000) } })}
        />
        <NumberField
          form={form}
          name="pageSize"
          words={t.toApp.pageSize}
          value={pageSize}
          onChange={(count) => form.set({ limits: { pageSize: count ?? 0 } })}
        />
      </SimpleGrid>
      <FlagField form={form} name="manual" />
    </>
  );
}
