import { headerFields } from '../../../etcd/answer-header.ts';
import { answerJson } from '../../../etcd/answer-json.ts';
import type { EtcdServer } from '../../../etcd/etcd-server.ts';
import { StorageError } from '../../../storage/storage-error.ts';
import type { Command, Invocation } from '../../command.ts';
import { UsageError } from '../../usage-error.ts';
import { defineServerCommand, lines } from '../server/server-command.ts';

const ROOT = 'root';

/** `etcd auth enable`. */
export const authEnable: Command = defineServerCommand({
  use: 'enable',
  description: `Have etcd want a user and its password, or a certificate, from now on.

 A user root must exist; it is given the role root, which is made when it is not there.`,
  examples: [{ comment: 'From now on', command: 'kubectl etcd auth enable' }],
  flags: [],
  formats: ['simple'],
  parse: noArguments,
  async run(_options, server) {
    try {
      await server.change('Auth/AuthEnable', {});
    } catch (error) {
      if (!says(error, 'root user does not have root role')) throw error;
      await makeRoot(server);
      await server.change('Auth/AuthEnable', {});
    }
    return { simple: 'Authentication Enabled\n' };
  },
});

/** `etcd auth disable`. */
export const authDisable: Command = defineServerCommand({
  use: 'disable',
  description: 'Have etcd serve everybody. Users and roles are kept.',
  examples: [{ comment: 'As root', command: 'kubectl etcd auth disable --etcd-user=root' }],
  flags: [],
  formats: ['simple'],
  parse: noArguments,
  async run(_options, server) {
    await server.change('Auth/AuthDisable', {});
    return { simple: 'Authentication Disabled\n' };
  },
});

/** `etcd auth status`. */
export const authStatus: Command = defineServerCommand({
  use: 'status',
  description: 'Show whether authentication is enabled; etcd 3.5 and later tell.',
  examples: [{ comment: 'Is it on?', command: 'kubectl etcd auth status' }],
  flags: [],
  formats: ['simple', 'json', 'fields'],
  parse: noArguments,
  async run(_options, server) {
    const answer = await server.read('Auth/AuthStatus', {});
    return {
      simple: lines([`Authentication Status: ${answer.enabled}`, `AuthRevision: ${answer.authRevision}`]),
      json: answerJson(answer),
      fields: lines([
        ...headerFields(answer.header),
        `"Enabled" : ${answer.enabled}`,
        `"AuthRevision" : ${answer.authRevision}`,
      ]),
    };
  },
});

async function makeRoot(server: EtcdServer): Promise<void> {
  try {
    await server.change('Auth/RoleAdd', { name: ROOT });
  } catch (error) {
    if (!says(error, 'role name already exists')) throw error;
  }
  await server.change('Auth/UserGrantRole', { user: ROOT, role: ROOT });
}

function says(error: unknown, text: string): boolean {
  return error instanceof StorageError && error.message.includes(text);
}

function noArguments({ args, commandPath }: Invocation): object {
  if (args.length > 0) throw new UsageError(`${commandPath} takes no arguments, got ${args.length}`);
  return {};
}
