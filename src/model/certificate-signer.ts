/** What a certificate is asked for. */
export interface CertificateWish {
  /** PKCS#10 in PEM. */
  readonly request: string;
  /** Names of usages as CertificateSigningRequests have them: `client auth`. Others than the signer knows are left out. */
  readonly usages: readonly string[];
  /** Absent: as long as the signer gives. */
  readonly seconds?: number | undefined;
}

/** Whom a request is for: what its name and its alternative names say. */
export interface RequestedSubject {
  readonly commonName: string;
  readonly organizations: readonly string[];
  /** Which kinds of alternative names the request has. */
  readonly alternatives: ReadonlySet<'dns' | 'email' | 'ip' | 'uri'>;
}

/** What issues certificates that the server believes; the key is its own business. */
export interface CertificateSigner {
  /** A certificate in PEM. Throws a RequestError for a request that it cannot read or that its key did not sign. */
  sign(wish: CertificateWish): string;
  /** Whom a request in PEM is for. Throws as `sign` does. */
  read(request: string): RequestedSubject;
}

/** Why a request for a certificate is not signed. */
export class RequestError extends Error {}
