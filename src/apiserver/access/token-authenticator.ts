import type { UserInfo } from '../../model/api-message.ts';
import type { TokenSigner } from '../../model/token-signer.ts';
import { type ApiServer, strategyContext } from '../api-server.ts';
import { tokenUser } from './tokens.ts';

interface TokenAuthenticatorOptions extends Pick<ApiServer, 'storage' | 'catalog' | 'now'> {
  readonly signer: TokenSigner;
}

/** Tells whose a bearer token of a service account is that is shown to the server; undefined for one that is no good to it. */
export function tokenAuthenticator(
  options: TokenAuthenticatorOptions,
): (token: string) => Promise<UserInfo | undefined> {
  const { signer } = options;
  return async (token) => {
    const found = await tokenUser(token, signer, strategyContext(options));
    const isForUs = found?.audiences.some((audience) => signer.audiences.includes(audience)) === true;
    return isForUs ? found.user : undefined;
  };
}
