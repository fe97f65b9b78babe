import { many, number } from './plurals';

export const keys = {
  what: 'Credentials of applications and other secrets are kept encrypted with a key of the database, which the master key encrypts in turn.',
  rotate: 'Rotate',
  rotateTitle: 'Rotate the key?',
  rotateWhat:
    'A new key is used from now on. Everything the present one encrypts is encrypted anew in the background, then the present one is deleted. Nothing stops meanwhile, and applications notice nothing.',
  begun: 'The rotation has begun.',
  rotation: 'Rotation under way',
  progress: (done: number, total: number) =>
    `${number.format(done)} of ${many(total, 'secret', 'secrets')} encrypted anew`,
  list: 'Keys',
  id: 'Key',
  state: 'State',
  states: { ACTIVE: 'In use', RETIRING: 'Being replaced', RETIRED: 'Kept' },
  secrets: 'Secrets',
  created: 'Made',
  masterTitle: 'Master key',
  masterId: 'Fingerprint',
  direct: 'Secrets it encrypts itself',
  directCount: (count: number) => (count === 0 ? 'none' : `${number.format(count)}: the next rotation changes that`),
  unreadable: 'Secrets no key opens',
  unreadableCount: (count: number) => (count === 0 ? 'none' : `${number.format(count)}: enter these credentials again`),
  masterHow:
    'It is in USHER_KEY or in the file usher.key, never in the database. To replace it, start Usher with the new one as USHER_KEY and the former one as USHER_KEY_PREVIOUS.',
};

export const egress = {
  what: 'Where Usher may connect to: applications, providers people sign in with, and whatever else an address is entered for.',
  rules: 'What may be reached',
  where: 'Where',
  open: 'Allowed, and why',
  yes: 'Yes',
  no: 'No',
  internet: 'The public internet',
  internetWhy: 'Always.',
  openedWhy: 'USHER_EGRESS_ALLOW has it.',
  inside: 'Other networks',
  insideWhy:
    'Private networks, this machine and link-local addresses, where clouds keep their metadata: whoever enters an address could reach what only Usher can. Each has to be allowed.',
  self: 'Usher itself',
  selfWhy: 'Never: it would be calling itself.',
  how: 'To change it',
  howWhat:
    'Start Usher with the networks in USHER_EGRESS_ALLOW, separated by commas. It cannot be changed here, so that no browser opens a network. This allows one more, as an example:',
  setting: 'Setting',
  question: 'May Usher reach this address?',
  address: 'Address',
  addressWhat: 'https://wiki.example.com, or an IP address',
  ask: 'Check',
  answer: 'Whether it may',
  verdict: (allowed: boolean, host: string, port: number) =>
    allowed ? `Usher may connect to ${host}, port ${port}.` : `Usher may not connect to ${host}, port ${port}.`,
  unknownName: (host: string) => `Usher does not find ${host}: the name is not known where it runs.`,
  reasons: {
    public: 'on the public internet.',
    opened: 'allowed by',
    ownListener: 'where Usher itself listens; that is never allowed.',
    notAnAddress: 'not an IP address.',
    reserved: 'in a reserved range.',
    private: 'in a private network that is not allowed.',
    uniqueLocal: 'in a private network that is not allowed.',
    carrierGradeNat: 'in a shared provider network that is not allowed.',
    loopback: 'the machine Usher runs on, which is not allowed.',
    linkLocal: 'a link-local address, where clouds keep their metadata; it is not allowed.',
    unspecified: 'the unspecified address.',
    multicast: 'a multicast address.',
    broadcast: 'the broadcast address.',
  },
};

export const appearance = {
  what: 'How the console looks and speaks in this browser. Nobody else sees a difference.',
  theme: 'Theme',
  languageWhat: 'The page is loaded anew.',
  shortcuts: 'Single-key shortcuts',
  shortcutsWhat:
    '“/” for the search, “g” and a letter for a page, “?” for their list. Ctrl K opens the search in any case.',
};
