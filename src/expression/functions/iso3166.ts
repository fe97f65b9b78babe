import { countryByCode, type Country } from '../../lib/countries.ts';
import { textOf } from '../evaluation.ts';
import { argument, type FunctionDefinition, type FunctionTable } from './definition.ts';

export const iso3166Functions: FunctionTable = {
  'Iso3166Convert.toAlpha2': toForm('alpha2'),
  'Iso3166Convert.toAlpha3': toForm('alpha3'),
  'Iso3166Convert.toName': toForm('name'),
  'Iso3166Convert.toNumeric': toForm('numeric'),
};

/** Null for null and for a code no country has. */
function toForm(form: keyof Country): FunctionDefinition {
  return {
    ...{ signature: '(code)', least: 1, most: 1, inConditions: false, returns: 'any' },
    run: (args, evaluation) => {
      const code = textOf(evaluation, argument(args, 0));
      return code === null ? null : (countryByCode(code)?.[form] ?? null);
    },
  };
}
