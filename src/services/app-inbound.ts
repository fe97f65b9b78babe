import { formatProblem } from '../domain/attribute-format.ts';
import type { ImportTimes, InboundCapabilities } from '../domain/inbound.ts';
import { compileUserNameTemplate } from '../expression/user-name-template.ts';
import { cronProblem } from '../lib/cron.ts';
import { asUsherError, UsherError, type ErrorCause } from '../lib/errors.ts';

/** Any part of them; what is left out stays as it is, and null takes a time away. */
export interface InboundUpdate {
  readonly importSettings?: {
    readonly username?: Partial<InboundCapabilities['importSettings']['username']>;
    readonly schedule?: Partial<InboundCapabilities['importSettings']['schedule']>;
  };
  readonly importRules?: {
    readonly userCreateAndMatch?: Partial<InboundCapabilities['importRules']['userCreateAndMatch']>;
  };
}

/** The capabilities with an update in them. An expression goes when the name is the e-mail address again. */
export function mergeInbound(current: InboundCapabilities, update: InboundUpdate): InboundCapabilities {
  const { userNameExpression, ...username } = {
    ...current.importSettings.username,
    ...update.importSettings?.username,
  };
  const custom = username.userNameFormat === 'CUSTOM' && userNameExpression !== undefined;
  return {
    importSettings: {
      username: custom ? { ...username, userNameExpression } : username,
      schedule: { ...current.importSettings.schedule, ...update.importSettings?.schedule },
    },
    importRules: {
      userCreateAndMatch: {
        ...current.importRules.userCreateAndMatch,
        ...update.importRules?.userCreateAndMatch,
      },
    },
  };
}

/** @throws {UsherError} `invalid_input`, a cause per setting that cannot be. */
export function assertInbound({ importSettings: { username, schedule } }: InboundCapabilities): void {
  const causes: ErrorCause[] = [];
  if (username.userNameFormat === 'CUSTOM') {
    const reason = expressionProblem(username.userNameExpression ?? '');
    if (reason !== undefined) causes.push({ field: 'importSettings.username.userNameExpression', reason });
  }
  for (const name of ['fullImport', 'incrementalImport'] as const) {
    causes.push(...timesCauses(`importSettings.schedule.${name}`, schedule[name]));
  }
  if (schedule.status === 'ENABLED' && schedule.fullImport === null && schedule.incrementalImport === null) {
    const reason = 'cannot be ENABLED without a time: give fullImport or incrementalImport';
    causes.push({ field: 'importSettings.schedule.status', reason });
  }
  if (causes.length === 0) return;
  const sentences = causes.map((cause) => `${cause.field} ${cause.reason}`).join('; ');
  throw new UsherError('invalid_input', `These import settings cannot be used: ${sentences}.`, { causes });
}

function timesCauses(field: string, times: ImportTimes | null): ErrorCause[] {
  if (times === null) return [];
  const cron = cronProblem(times.expression);
  const zone = times.timezone === undefined ? undefined : formatProblem('timezone', times.timezone);
  return [
    ...(cron === undefined ? [] : [{ field: `${field}.expression`, reason: cron }]),
    ...(zone === undefined ? [] : [{ field: `${field}.timezone`, reason: zone }]),
  ];
}

function expressionProblem(expression: string): string | undefined {
  if (expression.trim() === '') return 'is missing: a CUSTOM user name needs one';
  try {
    compileUserNameTemplate(expression);
    return undefined;
  } catch (error) {
    const problem = asUsherError(error);
    return `is faulty: ${problem.causes[0]?.reason ?? problem.message}`;
  }
}
