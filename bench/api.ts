import { openServer } from './databases.ts';
import { median, quantile } from './measure.ts';
import type { BenchOptions } from './options.ts';
import { bareRate, fullRate, type Rates } from './api-rates.ts';
import { openOrganization, type Organization } from './api-organization.ts';
import { operations, type OperationName } from './api-operations.ts';
import type { Findings, Judged } from './report.ts';

const sizes = { few: 10_000, many: 1_000_000 };
/** Calls of each operation in each organization, after some to warm up. */
const calls = 200;
const warmUpCalls = 20;
const bars = { growth: { atMost: 1.5 }, share: { atLeast: 0.6 } };

/**
 * The management API with few and with many people: what each operation takes, in turns, over HTTP; and reading one
 * person against a bare route that runs the same statement. PostgreSQL only: that is where many people are.
 */
export async function api(options: BenchOptions): Promise<Findings> {
  const { databaseUrl } = options;
  if (databaseUrl === undefined) throw new Error('This benchmark needs a PostgreSQL server.');
  const organizations: Organization[] = [];
  try {
    const many = options.people ?? sizes.many;
    for (const people of [Math.min(sizes.few, many), many]) {
      options.progress(`${people} people: filling the database`);
      organizations.push(await openOrganization(await openServer(databaseUrl), people));
    }
    const times = await measureOperations(organizations, options);
    const rates = await measureRates(organizations, options);
    return {
      tables: [operationRows(organizations, times), rateRows(organizations, rates)],
      judged: [...judgeGrowth(times), ...judgeShare(organizations, rates)],
      databases: [...new Set(organizations.map(({ database }) => `${database.kind} ${database.version}`))],
      raw: { times, rates },
    };
  } finally {
    for (const organization of organizations) await organization.close();
  }
}

/** Milliseconds of each call, by operation, then by organization. */
type Times = Readonly<Record<OperationName, readonly (readonly number[])[]>>;

async function measureOperations(organizations: readonly Organization[], options: BenchOptions): Promise<Times> {
  const times: Partial<Record<OperationName, number[][]>> = {};
  for (const [name, call] of Object.entries(operations) as [OperationName, (typeof operations)[OperationName]][]) {
    options.progress(`${name}: ${calls} calls each`);
    const ofName = organizations.map((): number[] => []);
    for (let index = -warmUpCalls; index < calls; index += 1) {
      for (const [which, organization] of organizations.entries()) {
        const started = performance.now();
        await call(organization, index + warmUpCalls);
        if (index >= 0) ofName[which]?.push(performance.now() - started);
      }
    }
    times[name] = ofName;
  }
  return times as Times;
}

async function measureRates(organizations: readonly Organization[], options: BenchOptions): Promise<Rates[][]> {
  const rates: Rates[][] = [];
  for (const organization of organizations) {
    options.progress(
      `${organization.people} people: one person a request against a bare route, ${options.rounds} rounds`,
    );
    const rounds: Rates[] = [];
    for (let round = -1; round < options.rounds; round += 1) {
      const before = await bareRate(organization);
      const full = await fullRate(organization);
      const after = await bareRate(organization);
      if (round >= 0) rounds.push({ bare: (before + after) / 2, full });
    }
    rates.push(rounds);
  }
  return rates;
}

function operationRows(organizations: readonly Organization[], times: Times): Findings['tables'][number] {
  return Object.entries(times).map(([operation, ofOrganizations]) => ({
    operation,
    ...Object.fromEntries(
      organizations.flatMap(({ people }, index) => {
        const ms = ofOrganizations[index] ?? [];
        return [
          [`p50 ms, ${people}`, quantile(ms, 0.5).toFixed(2)],
          [`p95 ms, ${people}`, quantile(ms, 0.95).toFixed(2)],
        ];
      }),
    ),
    'ratio of p50': growth(ofOrganizations).toFixed(2),
  }));
}

function rateRows(
  organizations: readonly Organization[],
  rates: readonly (readonly Rates[])[],
): Findings['tables'][number] {
  return organizations.map(({ people }, index) => {
    const rounds = rates[index] ?? [];
    return {
      people,
      'bare/s': Math.round(median(rounds.map(({ bare }) => bare))),
      'GET /users/{id}/s': Math.round(median(rounds.map(({ full }) => full))),
      'share of each round': rounds.map(({ bare, full }) => (full / bare).toFixed(2)).join(' '),
    };
  });
}

function judgeGrowth(times: Times): Judged[] {
  return Object.entries(times).map(([operation, ofOrganizations]) => ({
    what: `${operation}: median with many people against few`,
    value: growth(ofOrganizations),
    bar: bars.growth,
  }));
}

function judgeShare(organizations: readonly Organization[], rates: readonly (readonly Rates[])[]): Judged[] {
  return organizations.map(({ people }, index) => ({
    what: `GET /users/{id} a second against a bare route, ${people} people`,
    value: median((rates[index] ?? []).map(({ bare, full }) => full / bare)),
    bar: bars.share,
  }));
}

function growth([few = [], many = []]: readonly (readonly number[])[]): number {
  return median(many) / median(few);
}
