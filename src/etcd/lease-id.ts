import { UserError } from '../model/user-error.ts';

/** A lease's number, from the hexadecimal that etcd prints. Throws UserError. */
export function parseLeaseId(text: string): bigint {
  const id = /^[0-9a-f]{1,16}$/i.test(text) ? BigInt(`0x${text}`) : 0n;
  if (id > 0n && id < 2n ** 63n) return id;
  throw new UserError(`bad lease ID ${JSON.stringify(text)}: want the hexadecimal number that 'etcd lease list' shows`);
}

/** A lease's number as etcd prints it: 16 hexadecimal digits. */
export function hexLease(id: bigint | string): string {
  return BigInt(id).toString(16).padStart(16, '0');
}
