import type { GroupId, UserId } from '../lib/ids.ts';

export type OwnerId = UserId | GroupId;

/** Whom a group belongs to: a person, or all who are in another group. It allows them nothing by itself. */
export interface GroupOwner {
  readonly id: OwnerId;
  readonly type: 'USER' | 'GROUP';
  readonly displayName: string;
  readonly lastUpdated: Date;
}
