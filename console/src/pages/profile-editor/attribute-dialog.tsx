import { Button, Checkbox, Group, Modal, NumberInput, Select, Stack, Textarea, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { DialogButtons } from '../../parts/dialog-buttons';
import { useChange } from '../../parts/said';
import { ErrorNote } from '../../parts/states';
import { useUnsaved } from '../../parts/unsaved';
import { unsay } from '../../parts/unsay';
import { t } from '../../text';
import { isApp, saveAttributes, type Attribute, type Owner } from './schema';

const words = t.profileEditor;
const types = ['string', 'number', 'integer', 'boolean', 'array'] as const;

interface Props {
  readonly owner: Owner;
  /** The one to change; undefined for a new one. */
  readonly edited: { readonly name: string; readonly attribute: Attribute } | undefined;
  readonly onClose: () => void;
}

/** One attribute. What is not asked here stays as it is. */
export function AttributeDialog({ owner, edited, onClose }: Props) {
  const before = edited?.attribute;
  const [name, setName] = useState(edited?.name ?? '');
  const [title, setTitle] = useState(before?.title ?? '');
  const [description, setDescription] = useState(before?.description ?? '');
  const [type, setType] = useState<string>(before?.type ?? 'string');
  const [values, setValues] = useState((before?.enum ?? []).map(String).join('\n'));
  const [minLength, setMinLength] = useState<number | null>(before?.minLength ?? null);
  const [maxLength, setMaxLength] = useState<number | null>(before?.maxLength ?? null);
  const [required, setRequired] = useState(before?.required === true);
  const [personal, setPersonal] = useState(before?.scope === 'SELF');
  const [externalName, setExternalName] = useState(before?.externalName ?? '');
  const [externalNamespace, setExternalNamespace] = useState(before?.externalNamespace ?? '');
  const { leaving } = useUnsaved([
    ...[name, title, description, type, values, minLength, maxLength, required, personal],
    ...[externalName, externalNamespace],
  ]);
  const ofApp = isApp(owner);
  const isText = type === 'string';
  const save = useChange(async () => {
    const choices = values.split('\n').filter((line) => line.trim() !== '');
    const attribute = {
      ...before,
      ...{ title, type, required },
      description: textOrNull(description),
      scope: personal ? 'SELF' : 'NONE',
      enum: type === 'string' ? choices : (before?.enum ?? null),
      minLength: isText ? minLength : null,
      maxLength: isText ? maxLength : null,
      ...(type === 'array' ? { items: before?.items ?? { type: 'string' } } : {}),
      ...(ofApp ? { externalName: textOrNull(externalName), externalNamespace: textOrNull(externalNamespace) } : {}),
    };
    await saveAttributes(owner, { [name]: attribute });
    onClose();
  }, words.saved);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(undefined);
  };
  return (
    <Modal
      opened
      onClose={leaving(onClose)}
      title={edited === undefined ? words.add : words.change(edited.name)}
      size="lg"
      closeButtonProps={{ 'aria-label': t.common.close }}
    >
      <form onSubmit={submit} onChange={unsay(save)}>
        <Stack>
          <ErrorNote error={save.error} />
          <TextInput
            label={words.label}
            description={words.labelWhat}
            required
            data-autofocus
            value={title}
            onChange={(event) => setTitle(event.currentTarget.value)}
          />
          <TextInput
            label={words.variable}
            description={words.variableWhat}
            required
            disabled={edited !== undefined}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <TextInput
            label={words.description}
            value={description}
            onChange={(event) => setDescription(event.currentTarget.value)}
          />
          <Select
            label={words.type}
            data={types.map((value) => ({ value, label: words.types[value] }))}
            allowDeselect={false}
            disabled={edited !== undefined}
            value={type}
            onChange={(value) => setType(value ?? type)}
          />
          {isText && (
            <>
              <Textarea
                label={words.values}
                description={words.valuesWhat}
                autosize
                value={values}
                onChange={(event) => setValues(event.currentTarget.value)}
              />
              <Group grow>
                <Length label={words.minLength} value={minLength} onChange={setMinLength} />
                <Length label={words.maxLength} value={maxLength} onChange={setMaxLength} />
              </Group>
            </>
          )}
          <Checkbox
            label={words.required}
            description={words.requiredWhat}
            checked={required}
            onChange={(event) => setRequired(event.currentTarget.checked)}
          />
          {ofApp && (
            <>
              <Checkbox
                label={words.scope}
                description={words.scopeWhat}
                checked={personal}
                onChange={(event) => setPersonal(event.currentTarget.checked)}
              />
              <TextInput
                label={words.externalName}
                description={words.externalNameWhat}
                value={externalName}
                onChange={(event) => setExternalName(event.currentTarget.value)}
              />
              <TextInput
                label={words.externalNamespace}
                description={words.externalNamespaceWhat}
                value={externalNamespace}
                onChange={(event) => setExternalNamespace(event.currentTarget.value)}
              />
            </>
          )}
          <DialogButtons onCancel={onClose}>
            <Button type="submit" loading={save.isPending}>
              {t.common.save}
            </Button>
          </DialogButtons>
        </Stack>
      </form>
    </Modal>
  );
}

interface LengthProps {
  readonly label: string;
  readonly value: number | null;
  readonly onChange: (value: number | null) => void;
}

function Length({ label, value, onChange }: LengthProps) {
  return (
    <NumberInput
      label={label}
      hideControls
      allowDecimal={false}
      allowNegative={false}
      value={value ?? ''}
      onChange={(number) => onChange(number === '' ? null : Number(number))}
    />
  );
}

function textOrNull(text: string): string | null {
  return text.trim() === '' ? null : text.trim();
}
