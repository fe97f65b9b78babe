import type { SchemaId, TypeId } from '../lib/ids.ts';

/** A kind of people with attributes of their own: everybody is of one. */
export interface UserType {
  readonly id: TypeId;
  /** A variable name, for life. */
  readonly name: string;
  readonly displayName: string;
  readonly description: string | null;
  /** New people are of this one where nobody says otherwise. There is always one. */
  readonly isDefault: boolean;
  readonly schemaId: SchemaId;
  readonly created: Date;
  readonly lastUpdated: Date;
  /** Ids of users, or `system`. */
  readonly createdBy: string;
  readonly lastUpdatedBy: string;
}
