import { get, type Schemas } from '../../api/client';
import { attributesOf, type Attribute } from '../../parts/attribute-field';

type Definition = Schemas['SchemaAttribute'];

/** The attributes of an app that an assignment can give. None has to be given: mappings and groups give them too. */
export async function settableAttributes(
  appId: string,
  keep: (definition: Definition, name: string) => boolean,
): Promise<Attribute[]> {
  const schema = await get('/api/v1/meta/schemas/apps/{appId}/default', { path: { appId } });
  const definitions = new Map(
    Object.entries({ ...schema.definitions.base.properties, ...schema.definitions.custom.properties }),
  );
  return attributesOf(schema)
    .filter(({ name }) => {
      const definition = definitions.get(name);
      return (
        name !== 'userName' &&
        definition?.mutability !== 'READ_ONLY' &&
        definition !== undefined &&
        keep(definition, name)
      );
    })
    .map((attribute) => ({ ...attribute, required: false }));
}
