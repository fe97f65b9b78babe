import { defineConnector } from '../definition.ts';
import { openConnection } from './connection.ts';
import { probeScim } from './probe/probe.ts';
import { ScimSettings } from './settings.ts';

export const scim = defineConnector({
  key: 'scim',
  displayName: 'SCIM 2.0',
  settings: ScimSettings,
  open: openConnection,
  probe: probeScim,
});
