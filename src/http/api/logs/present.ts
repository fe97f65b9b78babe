import { eventTypes, type EventTarget, type LogEvent } from '../../../domain/log-event.ts';

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
    client: { userAgent: null, zone: null, device: null, id: null, ipAddress: null, geographicalContext: null },
    device: null,
    outcome: { result: event.outcome, reason: event.reason ?? null },
    target: event.targets.map(presentTarget),
    transaction: { type: 'WEB', id: event.transactionId ?? null, detail: {} },
    debugContext: { debugData: event.debug ?? {} },
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
    request: { ipChain: [] },
  };
}

function presentTarget({ id, type, alternateId, displayName, detailEntry }: EventTarget) {
  return { id, type, alternateId, displayName, detailEntry: detailEntry ?? null };
}
