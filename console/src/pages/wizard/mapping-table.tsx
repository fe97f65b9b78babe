import { Button, Group, Text } from '@mantine/core';
import type { Schemas } from '../../api/client';
import { t } from '../../text';
import type { Edited } from './mapping-dialog';
import type { Wizard } from './steps';

type Preview = Schemas['WizardPreview'];

/** Made by a template, not by a mapping. */
const userName = 'userName';

interface Props {
  readonly wizard: Wizard;
  readonly sample: Preview | undefined;
  readonly onEdit: (edited: Edited) => void;
  readonly onRemove: (attribute: string) => void;
}

export function MappingTable({ wizard, sample, onEdit, onRemove }: Props) {
  const { mappings = {}, reasons = {}, attributes = {}, userNameTemplate } = wizard.draft;
  const results = new Map(sample?.attributes.map((result) => [result.attribute, result]));
  const template = String(userNameTemplate?.['template'] ?? '');
  return (
    <div className="u-table-scroll" tabIndex={0} role="region" aria-label={t.wizard.names.mappings}>
      <table className="u-table">
        <thead>
          <tr>
            <th scope="col">{t.mappings.attribute}</th>
            <th scope="col">{t.mappings.expression}</th>
            <th scope="col">{sample === undefined ? t.mappings.result : t.wizard.sampleOf(sample.user.login)}</th>
            <th scope="col">{t.wizard.why}</th>
            <th scope="col">{t.common.actions}</th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row" className="u-mono">
              {userName}
            </th>
            <td className="u-mono">{template}</td>
            <td>{sample !== undefined && resultOf(sample.userName)}</td>
            <td />
            <td>
              <Button
                size="compact-sm"
                variant="default"
                aria-label={t.common.actionOn(t.common.edit, userName)}
                onClick={() => onEdit({ attribute: userName, expression: template, pushStatus: 'PUSH' })}
              >
                {t.common.edit}
              </Button>
            </td>
          </tr>
          {inOrder(Object.entries(mappings)).map(([attribute, mapping]) => (
            <tr key={attribute}>
              <th scope="row" className="u-mono" title={titleOf(attributes[attribute])}>
                {attribute}
              </th>
              <td className="u-mono">{mapping.expression}</td>
              <td>{resultOf(results.get(attribute))}</td>
              <td>
                <span className="u-chip">{reasonOf(reasons[attribute])}</span>
              </td>
              <td>
                <Group gap="xs" wrap="nowrap">
                  <Button
                    size="compact-sm"
                    variant="default"
                    aria-label={t.common.actionOn(t.common.edit, attribute)}
                    onClick={() => onEdit({ attribute, ...mapping })}
                  >
                    {t.common.edit}
                  </Button>
                  <Button
                    size="compact-sm"
                    variant="default"
                    aria-label={t.common.removeNamed(attribute)}
                    onClick={() => onRemove(attribute)}
                  >
                    {t.common.remove}
                  </Button>
                </Group>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Who somebody is comes first, then by name. */
function inOrder<Value>(rows: readonly (readonly [string, Value])[]) {
  const first = ['givenName', 'familyName', 'displayName', 'email'];
  const place = (name: string) => (first.includes(name) ? first.indexOf(name) : first.length);
  return rows.toSorted(([a], [b]) => place(a) - place(b) || a.localeCompare(b));
}

function resultOf(result: Preview['userName'] | undefined) {
  if (result === undefined) return null;
  if (result.error !== undefined)
    return (
      <Text size="sm" c="var(--u-bad)">
        {result.error}
      </Text>
    );
  const { value } = result;
  if (result.left === true) return <Quiet text={t.wizard.left} />;
  if (value == null || value === '') return <Quiet text={t.mappings.noValue} />;
  return <span style={{ overflowWrap: 'anywhere' }}>{typeof value === 'string' ? value : JSON.stringify(value)}</span>;
}

function Quiet({ text }: { readonly text: string }) {
  return <span style={{ color: 'var(--mantine-color-dimmed)' }}>{text}</span>;
}

function reasonOf(reason: keyof typeof t.wizard.reasons | undefined): string {
  return reason === undefined ? t.wizard.chosen : t.wizard.reasons[reason];
}

function titleOf(definition: unknown): string {
  return typeof definition === 'object' && definition !== null && 'title' in definition ? String(definition.title) : '';
}
