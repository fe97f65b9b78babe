import { UsherError } from './errors.ts';

/** How far an exchange had come when it failed. */
export interface Progress {
  /** The request was handed to an open connection, so the app may have acted on it. */
  readonly sent: boolean;
  /** The answer's status line had been read. */
  readonly answering: boolean;
}

/** Names what went wrong between us and the app, from the code of a socket, DNS, TLS or undici error. */
export function connectFailure(error: Error, origin: string, progress: Progress): UsherError {
  if (error instanceof UsherError) return error;
  const code = codeOf(error);
  const host = new URL(origin).host;
  if (!progress.sent) return beforeSending(error, code, host);
  if (code === 'UND_ERR_HEADERS_TIMEOUT') {
    return lost('app_timeout', `${host} took the request but did not begin to answer in time.`, error);
  }
  if (code === 'UND_ERR_HEADERS_OVERFLOW' || code === 'HPE_HEADER_OVERFLOW') {
    return lost('app_bad_answer', `${host} answered with more than 64 KB of headers.`, error);
  }
  if (error.name === 'HTTPParserError') {
    return lost('app_bad_answer', `${host} answered with something that is not HTTP (${error.message}).`, error);
  }
  if (progress.answering) return lost('app_bad_answer', `The answer of ${host} was cut off in the middle.`, error);
  return lost('app_unreachable', `${host} closed the connection without an answer (${code || error.message}).`, error);
}

export function timedOut(origin: string, timeoutMs: number, sent: boolean): UsherError {
  const { host } = new URL(origin);
  return new UsherError(
    'app_timeout',
    `${host} did not ${sent ? 'finish its answer' : 'accept a connection'} within ${timeoutMs / 1000} s.`,
    { retryAfterSeconds: retrySoonSeconds, outcomeUnknown: sent },
  );
}

export function aborted(origin: string, sent: boolean): UsherError {
  return new UsherError(
    'app_timeout',
    `The request to ${new URL(origin).host} was called off before it was answered.`,
    {
      retryAfterSeconds: 0,
      outcomeUnknown: sent,
    },
  );
}

export function bodyTooLarge(origin: string, bytesMax: number): UsherError {
  const megabytes = Math.round(bytesMax / (1024 * 1024));
  return new UsherError(
    'app_bad_answer',
    `${new URL(origin).host} answered with more than ${megabytes} MB. Ask for smaller pages, or check the base URL.`,
    { outcomeUnknown: true },
  );
}

export function undecodable(origin: string, encoding: string, cause: unknown): UsherError {
  return new UsherError(
    'app_bad_answer',
    `${new URL(origin).host} answered in the encoding "${encoding}", which was not asked for and cannot be read.`,
    { outcomeUnknown: true, cause },
  );
}

const retrySoonSeconds = 10;
/** Names and routes come back within minutes when they come back by themselves. */
const retryUnreachableSeconds = 30;
/** A certificate is replaced by a person, so asking often is noise. */
const retryCertificateSeconds = 300;

function beforeSending(error: Error, code: string, host: string): UsherError {
  const certificate = certificateFaults[code];
  if (certificate !== undefined) {
    return unreachable(`The certificate of ${host} ${certificate}`, retryCertificateSeconds, error);
  }
  if (code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT') {
    return new UsherError('app_timeout', `${host} did not accept a connection in time.`, {
      retryAfterSeconds: retryUnreachableSeconds,
      cause: error,
    });
  }
  if (code === 'UND_ERR_INVALID_ARG') {
    return new UsherError('app_rejected', `The request to ${host} cannot be sent: ${error.message}.`, { cause: error });
  }
  const reason = connectFaults[code] ?? `could not be reached (${code || error.message}).`;
  return unreachable(`${host} ${reason}`, retryUnreachableSeconds, error);
}

const connectFaults: { readonly [code: string]: string } = {
  ENOTFOUND: 'is not a name DNS knows. Check the base URL.',
  EAI_AGAIN: 'could not be looked up: the DNS server did not answer.',
  ECONNREFUSED: 'refused the connection: nothing listens there, or a firewall forbids it.',
  EHOSTUNREACH: 'could not be reached: there is no route to it.',
  ENETUNREACH: 'could not be reached: there is no route to its network.',
  ECONNRESET: 'closed the connection before a request could be sent.',
  EPROTO: 'does not speak TLS on this port, or only a version too old to be safe.',
  ERR_SSL_WRONG_VERSION_NUMBER: 'does not speak TLS on this port. Check whether the base URL should begin with http:.',
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'only speaks a TLS version too old to be safe.',
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: 'only speaks a TLS version too old to be safe.',
};

const ownAuthority = 'Give Usher the certificate of its authority in NODE_EXTRA_CA_CERTS if you trust it.';
const certificateFaults: { readonly [code: string]: string } = {
  CERT_HAS_EXPIRED: 'has expired. Its operator must renew it.',
  CERT_NOT_YET_VALID: 'is not valid yet. Check the clocks on both sides.',
  ERR_TLS_CERT_ALTNAME_INVALID: 'was issued for another host name. Check the base URL.',
  DEPTH_ZERO_SELF_SIGNED_CERT: `is self-signed. ${ownAuthority}`,
  SELF_SIGNED_CERT_IN_CHAIN: `comes from an unknown authority (self-signed). ${ownAuthority}`,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: `comes from an unknown authority. ${ownAuthority}`,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: `cannot be verified: the server does not send its whole chain. ${ownAuthority}`,
};

function unreachable(message: string, retryAfterSeconds: number, cause: Error): UsherError {
  return new UsherError('app_unreachable', message, { retryAfterSeconds, cause });
}

function lost(code: 'app_timeout' | 'app_bad_answer' | 'app_unreachable', message: string, cause: Error): UsherError {
  return new UsherError(code, message, { retryAfterSeconds: retrySoonSeconds, outcomeUnknown: true, cause });
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}
