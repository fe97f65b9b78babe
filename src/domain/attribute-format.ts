import { countryByCode } from '../lib/countries.ts';
import type { AttributeDefinition } from './profile-schema.ts';

type Format = NonNullable<AttributeDefinition['format']>;

/** What is wrong with a text of this format, as the end of a sentence about it; undefined when nothing is. */
export function formatProblem(format: Format, text: string): string | undefined {
  switch (format) {
    case 'email':
      return emailProblem(text);
    case 'date':
      return isDate(text) ? undefined : 'must be a date that exists, written YYYY-MM-DD';
    case 'date-time':
      return canonicalDateTime(text) === undefined
        ? 'must be a time that exists with its zone, such as 2026-02-28T09:00:00Z'
        : undefined;
    case 'uri':
      return isWebSafeUri(text) ? undefined : 'must be an absolute URI such as https://example.com/ada';
    case 'country-code':
      return text.length === 2 && countryByCode(text)?.alpha2 === text
        ? undefined
        : 'must be a country code of two capital letters (ISO 3166-1), such as DE';
    case 'language-code':
      return /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(text)
        ? undefined
        : 'must be a language tag such as en or pt-BR';
    case 'locale':
      return /^[a-z]{2,3}([_-][A-Z][a-z]{3})?([_-]([A-Z]{2}|\d{3}))?$/.test(text)
        ? undefined
        : 'must be a locale such as en_US';
    case 'timezone':
      return isTimeZone(text) ? undefined : 'must be a time zone such as Europe/Berlin';
  }
}

/** The moment in UTC with milliseconds, or undefined where the text is not a time with a zone. */
export function canonicalDateTime(text: string): string | undefined {
  const parts = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/.exec(text);
  if (parts === null || !isDate(parts[1] ?? '')) return undefined;
  const moment = new Date(text);
  return Number.isNaN(moment.getTime()) ? undefined : moment.toISOString();
}

/** Spaces, control and format characters (zero-width, direction marks) and whatever else leaves no mark. */
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Z}\p{Default_Ignorable_Code_Point}]/u;
const localPart = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~\-\u0080-\u{10ffff}]+$/u;
const quotedLocalPart = /^"(?:[^"\\]|\\.)+"$/;
const domainLabel = /^[\p{L}\p{N}\p{M}_-]{1,63}$/u;

/** RFC 5322 with the characters of RFC 6531, and a domain of at least two labels. */
function emailProblem(text: string): string | undefined {
  if (unseen.test(text)) return 'must not contain a space, a control character or an invisible one';
  const at = text.lastIndexOf('@');
  const local = text.slice(0, Math.max(at, 0));
  const labels = text.slice(at + 1).split('.');
  const localOk = local.length <= 64 && (quotedLocalPart.test(local) || local.split('.').every(isLocalAtom));
  return localOk && labels.length >= 2 && labels.every(isDomainLabel)
    ? undefined
    : 'must be in the form of an email address, such as ada@example.com';
}

function isLocalAtom(atom: string): boolean {
  return localPart.test(atom);
}

function isDomainLabel(label: string): boolean {
  return domainLabel.test(label) && !label.startsWith('-') && !label.endsWith('-');
}

function isDate(text: string): boolean {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (parts === null) return false;
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  const daysInMonth = new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
  return year > 0 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth;
}

/** No scheme that a browser would run as a program. */
function isWebSafeUri(text: string): boolean {
  return URL.canParse(text) && !['javascript:', 'data:', 'vbscript:'].includes(new URL(text).protocol);
}

const knownZones = new Map<string, boolean>();

function isTimeZone(text: string): boolean {
  let known = knownZones.get(text);
  if (known === undefined) {
    known = /^[A-Za-z]/.test(text) && acceptsZone(text);
    if (knownZones.size < 1_000) knownZones.set(text, known);
  }
  return known;
}

function acceptsZone(text: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
    return true;
  } catch {
    return false;
  }
}
