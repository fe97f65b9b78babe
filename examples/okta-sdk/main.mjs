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

const app = await applicationApi.createApplication({
  application: { name: 'scim2headerauth', label: 'CRM', signOnMode: 'AUTO_LOGIN' },
});
console.log(`app          ${app.id} ${app.label}`);
await applicationApi.updateDefaultProvisioningConnectionForApplication({
  appId: app.id,
  activate: true,
  // The SDK has no place for an address among an app's settings; the connection's becomes the app's.
  ProvisioningConnectionRequest: { baseUrl: scimUrl, profile: { authScheme: 'TOKEN', token: scimToken } },
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
