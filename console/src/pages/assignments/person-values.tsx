import { useQuery } from '@tanstack/react-query';
import { get, send, type Schemas } from '../../api/client';
import type { Attribute } from '../../parts/attribute-field';
import { t } from '../../text';
import { settableAttributes } from './settable';
import { ValuesDialog, type ValuesProps } from './values-form';

const words = t.assignments;
const userName: Attribute = { name: 'userName', title: words.userName, type: 'string', required: false, choices: [] };

interface Props {
  readonly app: Schemas['Application'];
  readonly user: Schemas['AppUser'];
  readonly name: string;
  readonly onClose: () => void;
}

/** What one person gets in the app, and from what each value comes; what is typed here wins over mappings and groups. */
export function PersonValues({ app, user, name, onClose }: Props) {
  const path = { appId: app.id, userId: user.id };
  const read = () => get('/usher/v1/apps/{appId}/users/{userId}/explanation', { path });
  // Not what the dialog showed when it was open before: `isFetchedAfterMount`.
  const { data, error, isFetchedAfterMount } = useQuery({
    queryKey: ['values-begun', app.id, user.id],
    queryFn: async () => {
      const attributes = await settableAttributes(app.id, () => true);
      return { attributes: [userName, ...attributes], values: (await read()).values };
    },
    gcTime: 0,
  });
  const sourceOf = new Map(data?.values.map(({ attribute, source }) => [attribute, source.kind]));
  const form: ValuesProps | undefined =
    data !== undefined && isFetchedAfterMount
      ? {
          what: user.scope === 'GROUP' ? words.valuesByGroup : words.valuesIndividual,
          attributes: data.attributes,
          begun: byName(data.values),
          hintOf: (attribute) => words.sources[sourceOf.get(attribute.name) ?? 'none'],
          read: async () => byName((await read()).values),
          save: ({ userName: typedName, ...profile }) => {
            const credentials = typedName === undefined ? {} : { credentials: { userName: typedName } };
            return send('post', '/api/v1/apps/{appId}/users/{userId}', { path, body: { profile, ...credentials } });
          },
        }
      : undefined;
  return <ValuesDialog title={words.valuesOf(name, app.label)} error={error} form={form} onClose={onClose} />;
}

function byName(values: Schemas['Explanation']['values']) {
  return Object.fromEntries(values.map(({ attribute, value }) => [attribute, value]));
}
