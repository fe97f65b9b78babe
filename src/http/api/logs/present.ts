import { eventTypes, type EventClient, type EventTarget, type LogEvent } from '../../../domain/log-event.ts';

/** A log event in Okta's words. What Usher does not record is there as null, as in Okta. */
export function presentLogEvent(event: LogEvent) {
  return {
    uuid: event.uuid,
    published: event.published.toISOString(),
    eventType: event.eventType,
    version: '0',
    severity: event.severity ?? 'INFO',
    legacyEventType: null,
    displayMessage: eventTypes[event.eventType] ?? event.eventType,
    actor: { ...event.actor, detailEntry: null },
    client: {
      userAgent: agentOf(event.client),
      zone: null,
      device: null,
      id: null,
      ipAddress: event.client?.ipAddress ?? null,
      geographicalContext: null,
    },
    device: null,
    outcome: { result: event.outcome, reason: event.reason ?? null },
    target: event.targets.map(presentTarget),
    transaction: {
      type: event.client === undefined ? 'JOB' : 'WEB',
      id: event.transactionId ?? null,
      detail: event.client?.apiTokenId == null ? {} : { requestApiTokenId: event.client.apiTokenId },
    },
    debugContext: { debugData: { ...requestOf(event), ...event.debug } },
    authenticationContext: {
      authenticationProvider: null,
      credentialProvider: null,
      credentialType: null,
      issuer: null,
      interface: null,
      authenticationStep: 0,
      externalSessionId: null,
    },
    securityContext: { asNumber: null, asOrg: null, isp: null, domain: null, isProxy: null },
    request: { ipChain: event.client === undefined ? [] : [linkOfChain(event.client)] },
  };
}

/** Usher does not guess what program it is by the name it gives itself. */
function agentOf(client: EventClient | undefined) {
  return client?.userAgent == null ? null : { rawUserAgent: client.userAgent, os: 'Unknown', browser: 'UNKNOWN' };
}

function requestOf({ client, transactionId }: LogEvent) {
  return client === undefined ? {} : { requestId: transactionId ?? null, requestUri: client.requestUri };
}

function linkOfChain({ ipAddress }: EventClient) {
  return { ip: ipAddress, geographicalContext: null, version: ipAddress.includes(':') ? 'V6' : 'V4', source: null };
}

function presentTarget({ id, type, alternateId, displayName, detailEntry }: EventTarget) {
  return { id, type, alternateId, displayName, detailEntry: detailEntry ?? null };
}
