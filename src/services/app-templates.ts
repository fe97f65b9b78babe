import type { SignOnMode } from '../domain/app.ts';
import type { SettingRules } from './app-setting-rules.ts';

/** One of Okta's template apps: a way to sign in that any site can have, and what must be known of the site. */
export interface AppTemplate {
  readonly name: string;
  readonly signOnMode: SignOnMode;
  /** Of `settings.app`. */
  readonly rules: SettingRules;
}

const text = { type: 'text' } as const;
const page = { type: 'web', required: true } as const;
const needed = { type: 'text', required: true } as const;

/** The template of this name; undefined where there is none. `bookmark` is in the catalog. */
export function templateOf(name: string): AppTemplate | undefined {
  return templates.find((template) => template.name === name);
}

const templates: readonly AppTemplate[] = [
  { name: 'oidc_client', signOnMode: 'OPENID_CONNECT', rules: {} },
  {
    name: 'template_swa',
    signOnMode: 'BROWSER_PLUGIN',
    rules: {
      buttonField: needed,
      checkbox: text,
      loginUrlRegex: text,
      passwordField: needed,
      redirectUrl: { type: 'web' },
      url: page,
      usernameField: needed,
    },
  },
  {
    name: 'template_swa3field',
    signOnMode: 'BROWSER_PLUGIN',
    rules: {
      buttonSelector: needed,
      extraFieldSelector: needed,
      extraFieldValue: needed,
      loginUrlRegex: text,
      passwordSelector: needed,
      redirectUrl: { type: 'web' },
      targetURL: page,
      userNameSelector: needed,
    },
  },
  { name: 'template_basic_auth', signOnMode: 'BASIC_AUTH', rules: { authURL: page, url: page } },
  {
    name: 'template_sps',
    signOnMode: 'SECURE_PASSWORD_STORE',
    rules: {
      optionalField1: text,
      optionalField1Value: text,
      optionalField2: text,
      optionalField2Value: text,
      optionalField3: text,
      optionalField3Value: text,
      passwordField: needed,
      url: page,
      usernameField: needed,
    },
  },
  {
    name: 'template_wsfed',
    signOnMode: 'WS_FEDERATION',
    rules: {
      attributeStatements: { type: 'text', max: 10_000 },
      audienceRestriction: needed,
      authnContextClassRef: needed,
      groupFilter: text,
      groupName: text,
      groupValueFormat: needed,
      nameIDFormat: needed,
      realm: text,
      siteURL: page,
      usernameAttribute: needed,
      wReplyOverride: { type: 'flag', otherwise: false },
      wReplyURL: page,
    },
  },
];
