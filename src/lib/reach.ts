import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { judgeAddress, type EgressRules, type EgressVerdict } from './egress.ts';
import { checkedUrl } from './undici-http-client.ts';

/** Whether Usher would connect somewhere, and why. */
export interface Reach {
  readonly host: string;
  readonly port: number;
  /** One open address is enough: the others are left aside. */
  readonly allowed: boolean;
  /** Those the host stands for just now; none where its name is not known. */
  readonly addresses: readonly (EgressVerdict & { readonly address: string })[];
}

/**
 * Judges an address as a connection to it would be judged, and connects to nothing.
 *
 * @param text a URL, or what one begins with: a host, with a port or without. Without a scheme it is `https`.
 * @throws {UsherError} `app_address_refused` for what is no such URL.
 */
export async function judgeReach(rules: EgressRules, text: string): Promise<Reach> {
  const written = text.trim();
  const whole = written.includes('://') ? written : `https://${isIP(written) === 6 ? `[${written}]` : written}`;
  const url = checkedUrl(whole);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
  const found = isIP(host) === 0 ? await addressesOf(host) : [host];
  const addresses = found.map((address) => ({ address, ...judgeAddress(rules, address, port) }));
  return { host, port, allowed: addresses.some(({ allowed }) => allowed), addresses };
}

/** As connections find them: the system's own way, with its hosts file. */
async function addressesOf(host: string): Promise<string[]> {
  try {
    return (await lookup(host, { all: true })).map(({ address }) => address);
  } catch {
    return [];
  }
}
