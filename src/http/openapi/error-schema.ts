import { Type } from 'typebox';
import { named } from './answer-parts.ts';

/** Okta's error body; see `src/http/api/errors.ts#ErrorBody`. */
export const ErrorSchema = named('Error', 'What every failure is answered with.', {
  errorCode: Type.String({ description: "Okta's code, e.g. E0000001 for a request that does not pass validation" }),
  errorSummary: Type.String({ description: 'What happened' }),
  errorLink: Type.String({ description: 'The code again' }),
  errorId: Type.String({ description: 'The id of the request; the server log has it too' }),
  errorCauses: Type.Array(Type.Object({ errorSummary: Type.String() }), {
    description: 'What is wrong in particular, and what to do',
  }),
});
