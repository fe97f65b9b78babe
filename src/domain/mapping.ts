import type { Json } from '../lib/json.ts';

/** PUSH: on create and on update. DONT_PUSH: on create only. Okta's words. */
export type PushStatus = 'PUSH' | 'DONT_PUSH';

export interface AttributeMapping {
  /** An expression of Okta's classic language over `user.*`, `appuser.*`, … */
  readonly expression: string;
  readonly pushStatus: PushStatus;
  /**
   * What becomes of the attribute when the expression gives nothing (null, an empty text or list). CLEAR, when left out:
   * it is emptied. LEAVE: what the target has stays. DEFAULT: it becomes `defaultValue`.
   */
  readonly whenEmpty?: 'CLEAR' | 'LEAVE' | 'DEFAULT';
  readonly defaultValue?: Json;
}

/** Target attribute → where its value comes from. Only attributes named here are ever written to an app. */
export type Mappings = { readonly [targetAttribute: string]: AttributeMapping };

/** TO_APP: user → app user. TO_DIRECTORY: app user → user. */
export type MappingDirection = 'TO_APP' | 'TO_DIRECTORY';
