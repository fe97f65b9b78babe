import { useQuery } from '@tanstack/react-query';
import { get, send, type Schemas } from '../../api/client';
import { mappingQuery } from '../../api/mapping';
import type { Attribute } from '../../parts/attribute-field';
import { PreviewButton } from '../../parts/preview';
import { t } from '../../text';
import { settableAttributes } from './settable';
import { ValuesDialog, type Values, type ValuesProps } from './values-form';

const words = t.assignments;
const priority: Attribute = { name: 'priority', title: t.app.priority, type: 'integer', required: true, choices: [] };

interface Props {
  readonly app: Schemas['Application'];
  readonly group: Schemas['ApplicationGroupAssignment'];
  readonly name: string;
  readonly onClose: () => void;
}

/** What the members of a group get in the app, and which group wins. Mapped and personal attributes are no group's. */
export function GroupValues({ app, group, name, onClose }: Props) {
  const path = { appId: app.id, groupId: group.id };
  const read = async (): Promise<Values> => {
    const now = await get('/api/v1/apps/{appId}/groups/{groupId}', { path });
    return { ...now.profile, priority: now.priority };
  };
  // Not what the dialog showed when it was open before: `isFetchedAfterMount`.
  const { data, error, isFetchedAfterMount } = useQuery({
    queryKey: ['values-begun', app.id, group.id],
    queryFn: async () => {
      const mapped = (await mappingQuery(app.id).queryFn())?.properties ?? {};
      const attributes = await settableAttributes(
        app.id,
        (attribute, each) => attribute.scope !== 'SELF' && !Object.hasOwn(mapped, each) && each !== priority.name,
      );
      return { attributes: [priority, ...attributes], values: await read() };
    },
    gcTime: 0,
  });
  const form: ValuesProps | undefined =
    data !== undefined && isFetchedAfterMount
      ? {
          what: data.attributes.length === 1 ? words.valuesNone : words.valuesGroup,
          attributes: data.attributes,
          begun: data.values,
          hintOf: (attribute) => (attribute === priority ? words.priorityWhat : ''),
          read,
          save: (typed, now) =>
            send('put', '/api/v1/apps/{appId}/groups/{groupId}', { path, body: bodyOf({ ...now, ...typed }) }),
          preview: (typed, actions) => (
            <PreviewButton
              change={{
                kind: 'group_assignment',
                appId: app.id,
                groupId: group.id,
                ...bodyOf({ ...data.values, ...typed }),
              }}
              disabled={Object.keys(typed).length === 0}
              {...actions}
            />
          ),
        }
      : undefined;
  return <ValuesDialog title={words.valuesOf(name, app.label)} error={error} form={form} onClose={onClose} />;
}

/** All the group gives, since a change of its values replaces them. */
function bodyOf({ priority: place, ...values }: Values) {
  return { priority: place, profile: Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null)) };
}
