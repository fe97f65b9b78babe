import { UsherError, type ErrorCause } from '../lib/errors.ts';
import type { JsonObject } from '../lib/json.ts';
import type { CatalogEntry, ConnectionVariable } from './entry.ts';

/** The names written as `{name}` in a template, in order, each once. */
export function templateVariables(template: string): string[] {
  return [...new Set([...template.matchAll(/\{([^{}]*)\}/g)].map((match) => match[1] ?? ''))];
}

/**
 * The app's base URL with the instance's settings filled in, without a slash at the end.
 * Fails with `invalid_input`, one cause per setting that is missing or not of the variable's form.
 */
export function connectionUrl(entry: Pick<CatalogEntry, 'name' | 'connection'>, settings: JsonObject): string {
  if (entry.connection === null) {
    throw new UsherError(
      'unsupported',
      `${entry.name} has nothing to connect to: its catalog entry names no address. Use it as a tile only.`,
    );
  }
  const causes = entry.connection.variables.flatMap((variable) => variableCauses(variable, settings[variable.name]));
  if (causes.length > 0) {
    throw new UsherError(
      'invalid_input',
      `The address of ${entry.name} is not complete: ${causes.map((cause) => cause.reason).join(' ')}`,
      { causes },
    );
  }
  const url = entry.connection.baseUrl.replace(/\{([^{}]*)\}/g, (_, name: string) => {
    const value = settings[name];
    return typeof value === 'string' ? value.trim() : '';
  });
  return url.replace(/\/+$/, '');
}

/** The variable that is the whole address, as in the generic entries; undefined where the address is made of more. */
export function addressVariable({ connection }: Pick<CatalogEntry, 'connection'>): ConnectionVariable | undefined {
  return connection?.variables.find((variable) => connection.baseUrl === `{${variable.name}}`);
}

/** Whether a typed-in value has the variable's form. */
export function fitsVariable(variable: ConnectionVariable, value: string): boolean {
  if (variable.enum !== undefined && !variable.enum.includes(value)) return false;
  return variable.pattern === undefined || new RegExp(variable.pattern, 'u').test(value);
}

function variableCauses(variable: ConnectionVariable, value: unknown): ErrorCause[] {
  const field = `settings.app.${variable.name}`;
  const text = typeof value === 'string' ? value.trim() : '';
  if (text === '') return variable.required ? [{ field, reason: `Enter ${variable.title}.` }] : [];
  if (fitsVariable(variable, text)) return [];
  return [{ field, reason: `"${text}" is no ${variable.title}: it should look like ${variable.example}.` }];
}
