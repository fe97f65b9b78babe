import ipaddr from 'ipaddr.js';
import { UsherError } from './errors.ts';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

export interface Listener {
  /** The IP address it is bound to, `0.0.0.0` and `::` included; not a name. */
  readonly address: string;
  readonly port: number;
}

/**
 * Where Usher may connect to. Public unicast addresses are open. Refused unless an allowed network contains them:
 * private networks (10/8, 172.16/12, 192.168/16, fc00::/7, 100.64/10), loopback, link-local with the cloud
 * metadata address, unspecified, multicast and reserved ranges. So an app in the company's own network needs an
 * explicit rule. Our own listener is refused whatever the rules say.
 */
export interface EgressRules {
  readonly allowed: readonly (readonly [Address, number])[];
  readonly ownListener: Listener | undefined;
}

/**
 * @param allow networks in CIDR form, e.g. `10.20.0.0/16`; a bare address stands for itself.
 * @throws {UsherError} `invalid_input` naming the entry that is not a network.
 */
export function parseEgressRules(allow: readonly string[], ownListener?: Listener): EgressRules {
  return { allowed: allow.map(parseNetwork), ownListener };
}

/** Why an address is open or not: `public` and `opened` are; `ownListener` never is; the others have to be opened. */
export const egressReasons = [
  ...(['public', 'opened', 'ownListener', 'notAnAddress', 'reserved'] as const),
  // Ranges as ipaddr.js calls them.
  ...(['private', 'uniqueLocal', 'carrierGradeNat', 'loopback', 'linkLocal'] as const),
  ...(['unspecified', 'multicast', 'broadcast'] as const),
] as const;
export type EgressReason = (typeof egressReasons)[number];

export interface EgressVerdict {
  readonly allowed: boolean;
  readonly reason: EgressReason;
  /** The rule that opens it, in CIDR form; null where none is needed, or none does. */
  readonly network: string | null;
}

/** The one decision about `address`, an IP literal without brackets, for connections to `port`. */
export function judgeAddress(rules: EgressRules, text: string, port: number): EgressVerdict {
  const refused = (reason: EgressReason) => ({ allowed: false, reason, network: null });
  if (!ipaddr.isValid(text)) return refused('notAnAddress');
  const written = ipaddr.parse(text);
  const address = unwrapped(written);
  if (rules.ownListener && isListener(rules.ownListener, address, port)) return refused('ownListener');
  const range = address.range();
  if (range === 'unicast') return { allowed: true, reason: 'public', network: null };
  const opening = rules.allowed.find((network) => contains(network, address) || contains(network, written));
  if (opening !== undefined)
    return { allowed: true, reason: 'opened', network: `${opening[0].toString()}/${opening[1]}` };
  return refused(egressReasons.find((reason) => reason === range) ?? 'reserved');
}

/** Whether `address`, an IP literal without brackets, is open for connections to `port`. */
export function isAllowedAddress(rules: EgressRules, address: string, port: number): boolean {
  return judgeAddress(rules, address, port).allowed;
}

/**
 * @param host the name the address was found under, for the message.
 * @throws {UsherError} `app_address_refused` with the reason and the way to open the address.
 */
export function checkAddress(rules: EgressRules, address: string, port: number, host: string): void {
  const { allowed, reason } = judgeAddress(rules, address, port);
  if (!allowed) throw addressRefused(address, host, reason);
}

const reasonWords: Readonly<Partial<Record<EgressReason, string>>> = {
  notAnAddress: 'it is not an IP address',
  ownListener: 'it is where Usher itself listens',
  private: 'it is in a private network',
  uniqueLocal: 'it is in a private network',
  carrierGradeNat: 'it is in a shared provider network',
  loopback: 'it is this machine itself',
  linkLocal: 'it is a link-local address, where clouds keep their metadata',
  unspecified: 'it is the unspecified address',
  multicast: 'it is a multicast address',
  broadcast: 'it is the broadcast address',
};

function addressRefused(address: string, host: string, reason: EgressReason): UsherError {
  const named = host === address ? address : `${address}, which ${host} stands for,`;
  const network = `${address}/${address.includes(':') ? 128 : 32}`;
  const remedy =
    reason === 'ownListener'
      ? 'Correct the URL.'
      : `If the app really is there, add ${network} or its network to USHER_EGRESS_ALLOW and restart.`;
  return new UsherError(
    'app_address_refused',
    `Usher does not connect to ${named} because ${reasonWords[reason] ?? 'it is in a reserved range'}. ${remedy}`,
  );
}

/** The IPv4 address inside a mapped (::ffff:), NAT64 (64:ff9b::/96) or 6to4 (2002::/16) one, else the address. */
function unwrapped(address: Address): Address {
  if (!(address instanceof ipaddr.IPv6)) return address;
  if (address.isIPv4MappedAddress()) return address.toIPv4Address();
  const bytes = address.toByteArray();
  if (address.range() === '6to4') return new ipaddr.IPv4(bytes.slice(2, 6));
  if (contains(nat64, address)) return new ipaddr.IPv4(bytes.slice(12, 16));
  return address;
}

const nat64 = [ipaddr.IPv6.parse('64:ff9b::'), 96] as const;

function contains([network, bits]: readonly [Address, number], address: Address): boolean {
  if (network instanceof ipaddr.IPv4) return address instanceof ipaddr.IPv4 && address.match(network, bits);
  return address instanceof ipaddr.IPv6 && address.match(network, bits);
}

function isListener(listener: Listener, address: Address, port: number): boolean {
  if (port !== listener.port) return false;
  const bound = unwrapped(ipaddr.parse(listener.address));
  if (bound.toString() === address.toString()) return true;
  return bound.range() === 'unspecified' && (address.range() === 'loopback' || address.range() === 'unspecified');
}

function parseNetwork(text: string): readonly [Address, number] {
  const trimmed = text.trim();
  if (ipaddr.isValidCIDR(trimmed)) return ipaddr.parseCIDR(trimmed);
  if (ipaddr.IPv4.isValidFourPartDecimal(trimmed) || ipaddr.IPv6.isValid(trimmed)) {
    const address = ipaddr.parse(trimmed);
    return [address, address.kind() === 'ipv4' ? 32 : 128];
  }
  throw new UsherError(
    'invalid_input',
    `USHER_EGRESS_ALLOW holds "${trimmed}", which is not a network. Write it like 10.20.0.0/16 or fd00:1::/64.`,
  );
}
