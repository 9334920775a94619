/** The claims of a token of a service account, as kube-apiserver's tokens have them. */
export type TokenClaims = Record<string, unknown>;

/** What makes and checks tokens of service accounts; the key is its own business. */
export interface TokenSigner {
  /** The `iss` of its tokens: an address of the server. */
  readonly issuer: string;
  /** Whom a token is for that does not say. */
  readonly audiences: readonly string[];
  /** A JSON Web Token of claims. */
  sign(claims: TokenClaims): Promise<string>;
  /** The claims of a token that this signer made, whether it is still good or not; undefined for any other text. */
  verify(token: string): Promise<TokenClaims | undefined>;
}
