import { startBetterAuthApp } from '../../../test/apps/better-auth-app.ts';
import { startFaultyApp, type Behaviour } from '../../../test/apps/faulty-app.ts';
import { openScim, type OpenScimOptions } from '../../../test/apps/open-scim.ts';
import { startScimmyApp } from '../../../test/apps/scimmy-app.ts';
import { conformance } from '../conformance.ts';

const token = 'a-token-of-more-than-thirty-two-letters';
const bearer = { scheme: 'bearer', token } as const;

conformance('scimmy', async () => {
  const app = await startScimmyApp({ token });
  return { connection: openScim(app.url, { auth: bearer, pageSize: 4 }), close: () => app.close() };
});

conformance('better-auth', async () => {
  const app = await startBetterAuthApp({ token });
  return { connection: openScim(app.url, { auth: bearer, pageSize: 4 }), close: () => app.close() };
});

/** Servers as they were met: each row is one variant of one behaviour, or one server's mixture. */
const personalities: readonly (readonly [name: string, behaviour: Partial<Behaviour>, options?: OpenScimOptions])[] = [
  ['a good server', {}],
  ['basic authentication', {}, { auth: { scheme: 'basic', username: 'ada', password: 'pw' } }],
  ['no discovery', { discovery: '404' }],
  ['discovery fails', { discovery: '500' }],
  ['real ETags', { etag: 'real', patch: '501' }],
  ['meaningless ETags', { etag: 'meaningless', patch: '501' }],
  ['ids are numbers as text', { ids: 'integer' }],
  ['ids are numbers', { ids: 'json-number' }],
  ['ids with slashes and blanks', { ids: 'slashes' }],
  ['409 without a body', { duplicate: '409-empty' }],
  ['400 uniqueness', { duplicate: '400-uniqueness' }],
  ['partial create answer', { createAnswer: 'partial' }],
  ['empty create answer', { createAnswer: 'empty' }],
  ['204 on create', { createAnswer: '204' }],
  ['userName filter minds letter case', { filterUserName: 'exact' }],
  ['userName filter finds nothing', { filterUserName: 'nothing' }],
  ['userName filter returns everyone', { filterUserName: 'everyone' }],
  ['userName filter is refused', { filterUserName: '400' }],
  ['userName filter fails', { filterUserName: '500-html' }],
  ['externalId filter finds nothing', { filterExternalId: 'nothing' }],
  ['externalId filter returns everyone', { filterExternalId: 'everyone' }],
  ['externalId filter fails', { filterExternalId: '500' }],
  ['e-mail filter returns everyone', { filterEmail: 'everyone' }],
  ['e-mail filter is refused', { filterEmail: '400' }],
  [
    'every filter returns everyone',
    { filterUserName: 'everyone', filterExternalId: 'everyone', filterEmail: 'everyone' },
  ],
  ['pages of two at most', { pageMax: 2 }],
  ['startIndex ignored', { startIndex: 'ignored' }],
  ['0-based startIndex in answers', { startIndex: 'zero-based-answer', totalResults: 'page' }],
  ['totalResults is the page size', { totalResults: 'page' }],
  ['totalResults is always zero', { totalResults: 'zero' }],
  ['totalResults is too large', { totalResults: 'double' }],
  ['PATCH answers 204', { patchAnswer: '204' }],
  ['PATCH answers with the id only', { patchAnswer: 'partial' }],
  ['no PATCH, 501', { patch: '501' }],
  ['no PATCH, 405', { patch: '405' }],
  ['no PATCH, 404', { patch: '404' }],
  ['PATCH fails with 500', { patch: '500' }],
  ['active only without a path', { patchActivePath: '500' }],
  ['active only with a path', { patchActiveBare: 'nothing' }],
  ['sub-attribute path has no effect', { patchSubAttribute: 'nothing' }],
  ['complex value replaces', { patchComplex: 'wipes', patchSubAttribute: '400' }],
  ['complex value has no effect', { patchComplex: 'nothing', patchSubAttribute: 'nothing' }],
  ['value path is refused', { patchValuePath: '501', patchAbsentValuePath: '501' }],
  ['absent value path is refused', { patchAbsentValuePath: '400' }],
  ['absent value path has no effect', { patchAbsentValuePath: 'nothing' }],
  ['URN path has no effect', { patchUrnPath: 'nothing' }],
  ['URN path is refused, URN object replaces', { patchUrnPath: '501', patchUrnObject: 'wipes' }],
  ['removal has no effect', { patchRemove: 'nothing' }],
  ['removal is refused', { patchRemove: '501' }],
  ['null is stored as text', { patchRemove: '501', patchNull: 'text' }],
  ['null is refused', { patchRemove: 'nothing', patchNull: '400' }],
  ['no PUT', { put: '405' }],
  ['PUT keeps what is left out', { put: 'keeps-omitted' }],
  ['declared PUT', { patch: '500' }, { quirks: { updateMethod: 'PUT' } }],
  ['unknown attributes are refused', { unknownAttribute: '400' }],
  ['unknown attributes are dropped', { unknownAttribute: 'dropped' }],
  ['deactivation deletes', { deactivate: 'deletes' }],
  ['active is a text', { activeForm: 'text' }],
  ['DELETE answers 200 with a body', { remove: '200' }],
  ['missing ids fail with 500', { missing: '500' }],
  ['second groups of the same name', { groupDuplicate: 'allowed' }],
  ['members shown as an empty list', { members: 'empty' }],
  ['members not shown', { members: 'hidden' }],
  ['members doubled', { memberTwice: 'doubled' }],
  ['member twice is 409', { memberTwice: '409', members: 'hidden' }],
  ['member removal by filter refused', { memberRemoveFilter: '501' }],
  ['member removal by filter has no effect', { memberRemoveFilter: 'nothing' }],
  ['two members per PATCH', { membersPerPatchMax: 2 }, { quirks: { membersPerPatchMax: 2 } }],
  [
    'only {active} by PATCH works, everything else is 500',
    {
      discovery: '404',
      patchActivePath: '500',
      patchSubAttribute: '500',
      patchComplex: '500',
      patchValuePath: '500',
      patchAbsentValuePath: '500',
      patchUrnPath: '500',
      patchUrnObject: '500',
      patchRemove: '500',
      etag: 'meaningless',
    },
  ],
  [
    'stores what it does not understand',
    {
      patchSubAttribute: 'nothing',
      patchUrnPath: 'nothing',
      patchAbsentValuePath: 'nothing',
      patchComplex: 'wipes',
      patchUrnObject: 'wipes',
      filterExternalId: 'nothing',
      filterEmail: 'nothing',
      filterUserName: 'exact',
      totalResults: 'page',
      members: 'empty',
    },
  ],
];

for (const [name, behaviour, options] of personalities) {
  conformance(name, async () => {
    const app = await startFaultyApp({ behaviour });
    const findsByKey = (behaviour.filterExternalId ?? 'works') === 'works';
    return { connection: openScim(app.url, { pageSize: 3, ...options }), findsByKey, close: () => app.close() };
  });
}
