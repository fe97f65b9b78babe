import type { App } from '../../../domain/app.ts';
import type { AttributeDefinitions } from '../../../domain/profile-schema.ts';
import type { AppSchema } from '../../../store/app-schemas.ts';
import { presentSchema } from './present.ts';

type Definition = ReturnType<typeof presentSchema>['definitions']['base'];
type Attribute = Definition['properties'][string];

/**
 * The schema of people in an app as Okta shows it: plainer than that of people, with what may be done to an attribute
 * only where something was said of it, and without `required` where there are no attributes.
 */
export function presentAppSchema(app: Pick<App, 'id' | 'name' | 'label'>, schema: AppSchema, base: string) {
  const url = `${base}/api/v1/meta/schemas/apps/${app.id}/default`;
  const { definitions, ...document } = presentSchema({ ...schema, url, name: app.name, title: `${app.label} User` });
  const { required, ...custom } = plain(definitions.custom, schema.custom);
  const some = Object.keys(schema.custom).length > 0;
  return {
    ...document,
    definitions: { custom: some ? { ...custom, required } : custom, base: plain(definitions.base, schema.base) },
  };
}

function plain({ properties, ...definition }: Definition, attributes: AttributeDefinitions) {
  const plainer = Object.entries(properties).map(
    ([name, attribute]) => [name, plainAttribute(attribute, attributes[name])] as const,
  );
  return { ...definition, properties: Object.fromEntries(plainer) };
}

function plainAttribute({ mutability, permissions, ...rest }: Attribute, said: object = {}) {
  return {
    ...rest,
    ...('mutability' in said ? { mutability } : {}),
    ...('permissions' in said ? { permissions } : {}),
  };
}
