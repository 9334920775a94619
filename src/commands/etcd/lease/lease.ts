import { setTimeout as sleep } from 'node:timers/promises';
import { type AnswerHeader, embeddedHeader, headerFields } from '../../../etcd/answer-header.ts';
import { hexLease, parseLeaseId } from '../../../etcd/lease-id.ts';
import { goQuote } from '../../../model/go-text.ts';
import { compactJson } from '../../../model/json-printer.ts';
import { UserError } from '../../../model/user-error.ts';
import type { Command, Invocation } from '../../command.ts';
import { UsageError } from '../../usage-error.ts';
import { defineServerCommand, lines, showAnswer, type Shown } from '../server/server-command.ts';

/** etcd's own longest, which its server checks only where the lease is used. */
const LONGEST_TTL_SECONDS = 9_000_000_000;

/** `etcd lease grant`. */
export const leaseGrant: Command = defineServerCommand<number>({
  use: 'grant TTL',
  description: 'Make a lease that ends after TTL seconds unless it is kept alive; its keys are deleted with it.',
  examples: [{ comment: 'A minute', command: 'kubectl etcd lease grant 60' }],
  flags: [],
  formats: ['simple', 'json', 'fields'],
  parse({ args }) {
    const [text] = args;
    if (text === undefined || args.length > 1) throw new UsageError(`exactly one TTL is required, got ${args.length}`);
    const ttl = /^\d{1,10}$/.test(text) ? Number(text) : 0;
    if (ttl < 1 || ttl > LONGEST_TTL_SECONDS) {
      throw new UserError(`bad TTL ${JSON.stringify(text)}: want seconds, from 1 to ${LONGEST_TTL_SECONDS}`);
    }
    return ttl;
  },
  async run(ttl, server) {
    const { header, ID, TTL } = await server.change('Lease/LeaseGrant', { TTL: ttl });
    return {
      simple: `lease ${hexLease(ID)} granted with TTL(${TTL}s)\n`,
      ...embedded(header, { ID: BigInt(ID), TTL: Number(TTL), Error: '' }, [`"ID" : ${ID}`, `"TTL" : ${TTL}`]),
    };
  },
});

/** `etcd lease revoke`. */
export const leaseRevoke: Command = defineServerCommand<bigint>({
  use: 'revoke LEASE-ID',
  description: 'End a lease at once, and delete its keys.',
  examples: [{ comment: 'By its ID', command: 'kubectl etcd lease revoke 694d71ddacfda227' }],
  flags: [],
  formats: ['simple', 'json', 'fields'],
  parse: oneLease,
  async run(id, server) {
    const answer = await server.change('Lease/LeaseRevoke', { ID: id.toString() });
    return showAnswer(answer, `lease ${hexLease(id)} revoked\n`);
  },
});

/** `etcd lease timetolive`. */
export const leaseTimeToLive: Command = defineServerCommand<{ readonly id: bigint; readonly keys: boolean }>({
  use: 'timetolive LEASE-ID [--keys]',
  description: 'Show how long a lease was granted for, how long it has left, and its keys.',
  examples: [{ comment: 'With its keys', command: 'kubectl etcd lease timetolive 694d71ddacfda227 --keys' }],
  flags: [{ name: 'keys', type: 'bool', default: 'false', usage: 'Show the keys that are attached to the lease.' }],
  formats: ['simple', 'json', 'fields'],
  parse: (invocation) => ({ id: oneLease(invocation), keys: invocation.flags.bool('keys') }),
  async run({ id, keys }, server) {
    const answer = await server.read('Lease/LeaseTimeToLive', { ID: id.toString(), keys });
    const { header, TTL, grantedTTL } = answer;
    const attached = answer.keys.map((key) => key.toString('utf8'));
    const granted = `lease ${hexLease(id)} granted with TTL(${grantedTTL}s), remaining(${TTL}s)`;
    const expired = grantedTTL === '0' && TTL === '-1';
    const json = {
      id,
      ttl: Number(TTL),
      'granted-ttl': Number(grantedTTL),
      keys: answer.keys.length === 0 ? null : answer.keys.map((key) => key.toString('base64')),
    };
    return {
      simple: expired
        ? `lease ${hexLease(id)} already expired\n`
        : `${granted}${keys ? `, attached keys([${attached.join(' ')}])` : ''}\n`,
      ...embedded(header, json, [
        `"ID" : ${id}`,
        `"TTL" : ${TTL}`,
        `"GrantedTTL" : ${grantedTTL}`,
        ...attached.map((key) => `"Key" : ${goQuote(key)}`),
      ]),
    };
  },
});

/** `etcd lease list`. */
export const leaseList: Command = defineServerCommand({
  use: 'list',
  description: 'List the leases.',
  examples: [{ comment: 'All leases', command: 'kubectl etcd lease list' }],
  flags: [],
  formats: ['simple', 'json', 'fields'],
  parse({ args }) {
    if (args.length > 0) throw new UsageError(`lease list takes no arguments, got ${args.length}`);
    return {};
  },
  async run(_options, server) {
    const { header, leases } = await server.read('Lease/LeaseLeases', {});
    return {
      simple: lines([`found ${leases.length} leases`, ...leases.map(({ ID }) => hexLease(ID))]),
      ...embedded(
        header,
        { leases: leases.map(({ ID }) => ({ id: BigInt(ID) })) },
        leases.map(({ ID }) => `"ID" : ${ID}`),
      ),
    };
  },
});

/** `etcd lease keep-alive`. */
export const leaseKeepAlive: Command = defineServerCommand<{ readonly id: bigint; readonly once: boolean }>({
  use: 'keep-alive LEASE-ID [--once]',
  description: 'Have the time of a lease begin anew: once, or again and again until this is interrupted.',
  examples: [{ comment: 'Once', command: 'kubectl etcd lease keep-alive --once 694d71ddacfda227' }],
  flags: [{ name: 'once', type: 'bool', default: 'false', usage: 'Renew the lease once, and end.' }],
  formats: ['simple', 'json', 'fields'],
  parse: (invocation) => ({ id: oneLease(invocation), once: invocation.flags.bool('once') }),
  async run({ id, once }, server, { signal, streams }) {
    for (;;) {
      const { header, TTL } = await server.keepAlive(id);
      if (TTL === '0') {
        const what = once ? 'etcdserver: requested lease not found' : `lease ${hexLease(id)} expired or revoked`;
        throw new UserError(what);
      }
      const simple = `lease ${hexLease(id)} keepalived with TTL(${TTL})\n`;
      if (once) {
        const json = { ID: id, TTL: Number(TTL) };
        return { simple, ...embedded(header, json, [`"ID" : ${id}`, `"TTL" : ${TTL}`]) };
      }
      streams.out.write(simple);
      await sleep(Math.max(Number(TTL) / 3, 0.5) * 1000, undefined, { signal }).catch(() => {});
      if (signal.aborted) return { simple: '' };
    }
  },
});

/** Both forms of a message of etcd's client, which has the header's fields as its own. */
function embedded(
  header: AnswerHeader,
  json: Readonly<Record<string, unknown>>,
  fields: readonly string[],
): Required<Pick<Shown, 'json' | 'fields'>> {
  return {
    json: `${compactJson({ ...embeddedHeader(header), ...json })}\n`,
    fields: lines([...headerFields(header), ...fields]),
  };
}

function oneLease({ args }: Invocation): bigint {
  const [text] = args;
  if (text === undefined || args.length > 1) {
    throw new UsageError(`exactly one LEASE-ID is required, got ${args.length}`);
  }
  return parseLeaseId(text);
}
