import { defineStrategy } from '../define-strategy.ts';
import { objectsIn, textIn } from '../fields.ts';

export const serviceAccountStrategy = defineStrategy({
  resource: 'serviceaccounts',
  prepareForCreate: (object) => namesOnly(object),
  prepareForUpdate: (object) => namesOnly(object),
});

/** Of the secrets that an account refers to, only their names are kept. */
function namesOnly(object: Record<string, unknown>): void {
  const secrets = objectsIn(object, 'secrets');
  if (secrets.length > 0) object['secrets'] = secrets.map((secret) => ({ name: textIn(secret, 'name') }));
}
