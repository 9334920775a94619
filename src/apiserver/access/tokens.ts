import type { UserInfo } from '../../model/api-message.ts';
import type { TokenClaims, TokenSigner } from '../../model/token-signer.ts';
import type { StrategyContext } from '../strategy.ts';
import { isTime } from '../metadata/validate-metadata.ts';
import { isFields, partOf, stringsIn, textIn, numberIn } from '../kinds/fields.ts';
import { serviceAccountUser } from './service-account-user.ts';

/** What a token proves: whose it is, and for whom it was made. */
export interface TokenUser {
  readonly user: UserInfo;
  readonly audiences: readonly string[];
}

/** Where the objects are that a token may be bound to. */
const BOUND: Readonly<Record<string, { resource: string; namespaced: boolean }>> = {
  pod: { resource: 'pods', namespaced: true },
  secret: { resource: 'secrets', namespaced: true },
  node: { resource: 'nodes', namespaced: false },
};

/**
 * Whose token a text is: undefined when the signer did not make it, it is over, or the service account or the object that it
 * is bound to is gone (a namesake is another one).
 */
export async function tokenUser(
  token: string,
  signer: TokenSigner,
  context: StrategyContext,
): Promise<TokenUser | undefined> {
  const claims = await signer.verify(token);
  if (claims === undefined || claims['iss'] !== signer.issuer || !isCurrent(claims, context.now())) return undefined;
  const own = partOf(claims, 'kubernetes.io');
  const namespace = textIn(own, 'namespace');
  const { name, uid } = referenceIn(own, 'serviceaccount');
  const account = await context.get('serviceaccounts', namespace, name);
  if (account === undefined || account.metadata.uid !== uid || isTime(account.metadata.deletionTimestamp)) {
    return undefined;
  }
  for (const [claim, { resource, namespaced }] of Object.entries(BOUND)) {
    if (!isFields(own[claim])) continue;
    const bound = referenceIn(own, claim);
    // A pod's token tells of its node too, which need not be there.
    if (claim === 'node' && isFields(own['pod'])) continue;
    const object = await context.get(resource, namespaced ? namespace : '', bound.name);
    if (object === undefined || object.metadata.uid !== bound.uid) return undefined;
  }
  const user = serviceAccountUser(namespace, name, { uid, extra: extraOf(claims, own) });
  return { user, audiences: stringsIn(claims, 'aud') };
}

function isCurrent(claims: TokenClaims, now: Date): boolean {
  const seconds = now.getTime() / 1000;
  return (numberIn(claims, 'exp') ?? 0) > seconds && (numberIn(claims, 'nbf') ?? 0) <= seconds;
}

function referenceIn(claims: Record<string, unknown>, claim: string): { name: string; uid: string } {
  const part = partOf(claims, claim);
  return { name: textIn(part, 'name'), uid: textIn(part, 'uid') };
}

function extraOf(claims: TokenClaims, own: Record<string, unknown>): Record<string, string[]> {
  const extra: Record<string, string[]> = {};
  const add = (key: string, value: string): void => {
    if (value !== '') extra[`authentication.kubernetes.io/${key}`] = [value];
  };
  const id = textIn(claims, 'jti');
  add('credential-id', id === '' ? '' : `JTI=${id}`);
  for (const claim of ['node', 'pod']) {
    const { name, uid } = referenceIn(own, claim);
    add(`${claim}-name`, name);
    add(`${claim}-uid`, uid);
  }
  return extra;
}
