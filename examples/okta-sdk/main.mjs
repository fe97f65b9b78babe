// Okta's SDK, pointed at Usher: somebody gets an account in a SCIM app, and loses it. See README.md.
import okta from '@okta/okta-sdk-nodejs';

const { OKTA_CLIENT_ORGURL: orgUrl, OKTA_CLIENT_TOKEN: token, SCIM_URL: scimUrl, SCIM_TOKEN: scimToken } = process.env;
const limitMs = 2_000;
const client = new okta.Client({ orgUrl, token, cacheMiddleware: null });
const { applicationApi, userApi } = client;
const login = `ada.${Date.now()}@acme.example`;

const profile = { login, email: login, firstName: 'Ada', lastName: 'Lovelace' };
const user = await userApi.createUser({ body: { profile } });
console.log(`user         ${user.id} ${login}`);

const app = await addApp();
console.log(`app          ${app.id} ${app.label}`);
await applicationApi.updateDefaultProvisioningConnectionForApplication({
  appId: app.id,
  activate: true,
  ProvisioningConnectionRequest: { profile: { authScheme: 'TOKEN', token: scimToken } },
});
await applicationApi.updateFeatureForApplication({
  appId: app.id,
  name: 'USER_PROVISIONING',
  CapabilitiesObject: {
    create: { lifecycleCreate: { status: 'ENABLED' } },
    update: { profile: { status: 'ENABLED' }, lifecycleDeactivate: { status: 'ENABLED' } },
  },
});
console.log('provisioning on');

await applicationApi.assignUserToApplication({ appId: app.id, appUser: { id: user.id } });
await until('account      there', (account) => account?.active === true);
await userApi.deactivateUser({ userId: user.id });
await until('account      inactive', (account) => account?.active === false);

/** The SDK knows the settings of a few apps of Okta's catalog and drops all others, an address among them. */
async function addApp() {
  const answer = await fetch(new URL('/usher/v1/apps', orgUrl), {
    method: 'POST',
    headers: { authorization: `SSWS ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ catalogKey: 'scim2headerauth', label: 'CRM', settings: { baseUrl: scimUrl } }),
  });
  if (!answer.ok) throw new Error(await answer.text());
  return answer.json();
}

/** Asks the app itself until it says so; ends this program with 1 when that takes too long. */
async function until(what, isSo) {
  const began = performance.now();
  for (;;) {
    const url = `${scimUrl}/Users?filter=${encodeURIComponent(`userName eq "${login}"`)}`;
    const answer = await fetch(url, { headers: { authorization: `Bearer ${scimToken}` } });
    const tookMs = Math.round(performance.now() - began);
    const so = isSo((await answer.json()).Resources?.[0]);
    if (tookMs > limitMs) {
      console.error(`${what}: not within ${limitMs} ms`);
      process.exit(1);
    }
    if (so) {
      console.log(`${what} after ${tookMs} ms`);
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
