/**
 * What becomes of the links between people and their accounts. MATCH: they stay with the original, and the duplicate
 * finds and links the same accounts once it provisions. STAY: they stay, and the duplicate asks before it takes an
 * account that is already there. MOVE: they move to the duplicate, with the assignments they belong to.
 */
export type DuplicateLinks = 'MATCH' | 'STAY' | 'MOVE';

export interface DuplicateOptions {
  /** `<label> (provisioning)` when left out. */
  readonly label?: string;
  /** MATCH when left out. */
  readonly links?: DuplicateLinks;
  /** Shown to people as a tile; hidden when left out. */
  readonly visible?: boolean;
}
