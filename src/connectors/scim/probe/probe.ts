import { randomBytes } from 'node:crypto';
import { systemClock } from '../../../lib/clock.ts';
import { asUsherError } from '../../../lib/errors.ts';
import type { ProbedCapabilities, ProbeOptions, ProbeReport } from '../../contract.ts';
import type { ScimSettings } from '../settings.ts';
import type { ProbeContext } from './context.ts';
import { checkDiscovery, checkVersions, type Discovered } from './discovery.ts';
import { openRecorder } from './exchange.ts';
import { checkFilters } from './filters.ts';
import { checkGroupListing } from './groups.ts';
import { createJudge, type Judge } from './judge.ts';
import { checkPaging } from './paging.ts';
import { checkEntry, checkErrors, checkOne, checkRefusals } from './reading.ts';
import { countsOf, scoreOf, verdictOf } from './report.ts';
import type { RuleKey } from './rules.ts';
import { throwawayName } from './throwaway.ts';
import { checkWriting } from './writing.ts';

/** Milliseconds for taking the throw-away account away after the probe was interrupted. */
const cleanUpMs = 20_000;

/**
 * Holds a SCIM server against the rules in `rules.ts`, with a record of every request. Never rejects: a server that
 * cannot be reached is a report, too.
 */
export async function probeScim(options: ProbeOptions<ScimSettings>): Promise<ProbeReport> {
  const { settings, http, allowWrites } = options;
  const startedMs = systemClock.monotonicMs();
  const started = systemClock.now().toISOString();
  let signal = options.signal;
  const judge = createJudge();
  const recorder = openRecorder(settings, http, () => {
    // What the probe made has to go even when nobody waits for its report any more.
    if (signal.aborted) signal = AbortSignal.timeout(cleanUpMs);
    return signal;
  });
  const context: ProbeContext = { recorder, judge, learned: {}, leftBehind: [] };
  const outcome = await run(context, options);
  const findings = judge.findings((rule) => whySkipped(rule, judge, allowWrites, outcome.failure));
  return {
    url: settings.baseUrl,
    started,
    durationMs: Math.round(systemClock.monotonicMs() - startedMs),
    requests: recorder.exchanges.length,
    wrote: allowWrites && recorder.exchanges.some(({ method }) => method === 'POST'),
    score: scoreOf(findings),
    verdict:
      outcome.failure === undefined ? verdictOf(findings, allowWrites) : `The probe broke off: ${outcome.failure}`,
    counts: countsOf(findings),
    capabilities: capabilitiesOf(judge, outcome, allowWrites),
    findings,
    leftBehind: context.leftBehind,
    attributes: outcome.discovered?.attributes ?? {},
    learned: context.learned,
    exchanges: recorder.exchanges,
  };
}

interface Outcome {
  readonly discovered: Discovered | undefined;
  readonly hasGroups: boolean | undefined;
  /** Why the probe broke off. */
  readonly failure: string | undefined;
}

async function run(context: ProbeContext, options: ProbeOptions<ScimSettings>): Promise<Outcome> {
  const { settings, allowWrites, onStage = () => undefined, signal } = options;
  const random = randomBytes(4).toString('hex');
  const userName = throwawayName(random);
  let outcome: Outcome = { discovered: undefined, hasGroups: undefined, failure: undefined };
  try {
    onStage('the listing of accounts');
    const listing = await checkEntry(context, settings.baseUrl);
    if (listing === undefined) return outcome;
    const [sample] = listing.samples;
    await checkRefusals(context);
    onStage('what the server says of itself');
    const discovered = await checkDiscovery(context);
    outcome = { ...outcome, discovered };
    onStage('paging');
    if (sample !== undefined) await checkOne(context, sample);
    await checkPaging(context, listing.total);
    onStage('filters');
    await checkFilters(context, sample?.userName, `usher-probe-nobody-${random}@example.com`);
    await checkErrors(context);
    if (sample !== undefined) await checkVersions(context, sample.id, discovered.etag);
    onStage('groups');
    outcome = { ...outcome, hasGroups: await checkGroupListing(context) };
    signal.throwIfAborted();
    if (allowWrites) {
      onStage('a throw-away account');
      await checkWriting(context, userName, discovered, outcome.hasGroups === true);
    }
  } catch (error) {
    outcome = { ...outcome, failure: asUsherError(signal.aborted ? signal.reason : error).message };
  }
  return outcome;
}

function capabilitiesOf(judge: Judge, { discovered, hasGroups }: Outcome, wrote: boolean): ProbedCapabilities {
  const tried = (rule: RuleKey): boolean | undefined => (wrote ? judge.holds(rule) : undefined);
  const changes = [tried('writing.patch_path'), tried('writing.patch_no_path'), tried('writing.put')];
  return {
    listAccounts: judge.holds('connection.credential') === true && judge.holds('listing.accounts') !== false,
    create: tried('writing.create'),
    update: changes.includes(true) ? true : changes.every((each) => each === undefined) ? undefined : false,
    deactivate: tried('writing.deactivate'),
    remove: tried('writing.remove'),
    groups: hasGroups,
    discoversSchema: Object.keys(discovered?.attributes ?? {}).length > 0,
    patch: discovered?.patch,
    bulk: discovered?.bulk,
    etag: discovered?.etag,
  };
}

function whySkipped(rule: RuleKey, judge: Judge, wrote: boolean, failure: string | undefined): string {
  if (failure !== undefined) return 'The probe broke off before it.';
  if (judge.holds('connection.credential') !== true) return 'Accounts cannot be listed.';
  if (rule.startsWith('writing.')) {
    return wrote ? 'No throw-away account could be made to try it with.' : 'Only reading was allowed.';
  }
  return 'There was no account to try it with.';
}
