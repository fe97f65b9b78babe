import { numbersIn } from '../plurals';

export const locale = 'de';
export const { number, many } = numbersIn(locale);
