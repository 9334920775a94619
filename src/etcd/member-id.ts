import { UserError } from '../model/user-error.ts';

/** A member's number as decimal text, from the hexadecimal that etcd prints. Throws UserError. */
export function parseMemberId(text: string): string {
  if (!/^(0x)?[0-9a-f]{1,16}$/i.test(text)) {
    throw new UserError(
      `bad member ID ${JSON.stringify(text)}: want the hexadecimal number that 'etcd members list' shows`,
    );
  }
  return BigInt(text.startsWith('0x') ? text : `0x${text}`).toString();
}

/** A member's or cluster's number as etcd prints it: hexadecimal. */
export function hexId(decimal: string): string {
  return BigInt(decimal).toString(16);
}
