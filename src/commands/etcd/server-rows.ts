import type { CommandRow } from '../command-row.ts';

const members = async () => import('./server/members.ts');
const alarms = async () => import('./server/alarms.ts');
const users = async () => import('./auth/users.ts');
const roles = async () => import('./auth/roles.ts');
const authSwitch = async () => import('./auth/switch.ts');
const leases = async () => import('./lease/lease.ts');

const userCommands: readonly CommandRow[] = [
  { name: 'add', summary: 'Add a user', load: async () => (await users()).userAdd },
  { name: 'delete', summary: 'Delete a user', load: async () => (await users()).userDelete },
  { name: 'get', summary: 'Show the roles of a user', load: async () => (await users()).userGet },
  { name: 'grant-role', summary: 'Give a user a role', load: async () => (await users()).userGrantRole },
  { name: 'list', summary: 'List the users', load: async () => (await users()).userList },
  { name: 'passwd', summary: 'Change the password of a user', load: async () => (await users()).userPasswd },
  { name: 'revoke-role', summary: 'Take a role from a user', load: async () => (await users()).userRevokeRole },
];
const userGroup = {
  use: 'user (add | delete | get | grant-role | list | passwd | revoke-role)',
  description: 'Manage the users of etcd.',
};

const roleCommands: readonly CommandRow[] = [
  { name: 'add', summary: 'Add a role', load: async () => (await roles()).roleAdd },
  { name: 'delete', summary: 'Delete a role', load: async () => (await roles()).roleDelete },
  { name: 'get', summary: 'Show what a role allows', load: async () => (await roles()).roleGet },
  {
    name: 'grant-permission',
    summary: 'Have a role allow something',
    load: async () => (await roles()).roleGrantPermission,
  },
  { name: 'list', summary: 'List the roles', load: async () => (await roles()).roleList },
  {
    name: 'revoke-permission',
    summary: 'Have a role no longer allow something',
    load: async () => (await roles()).roleRevokePermission,
  },
];
const roleGroup = {
  use: 'role (add | delete | get | grant-permission | list | revoke-permission)',
  description: 'Manage the roles of etcd.',
};

const authCommands: readonly CommandRow[] = [
  {
    name: 'disable',
    summary: 'Serve everybody',
    load: async () => (await authSwitch()).authDisable,
  },
  {
    name: 'enable',
    summary: 'Want a user and its password from now on',
    load: async () => (await authSwitch()).authEnable,
  },
  { name: 'role', summary: 'Manage roles', group: roleGroup, children: roleCommands },
  {
    name: 'status',
    summary: 'Show whether authentication is enabled',
    load: async () => (await authSwitch()).authStatus,
  },
  { name: 'user', summary: 'Manage users', group: userGroup, children: userCommands },
];

const memberCommands: readonly CommandRow[] = [
  { name: 'add', summary: 'Tell the cluster of a new member', load: async () => (await members()).membersAdd },
  { name: 'list', summary: 'List the members', load: async () => (await members()).membersList },
  { name: 'promote', summary: 'Give a learner its vote', load: async () => (await members()).membersPromote },
  { name: 'remove', summary: 'Remove a member for good', load: async () => (await members()).membersRemove },
  { name: 'update', summary: 'Change the address of a member', load: async () => (await members()).membersUpdate },
];

const leaseCommands: readonly CommandRow[] = [
  { name: 'grant', summary: 'Make a lease', load: async () => (await leases()).leaseGrant },
  { name: 'keep-alive', summary: 'Renew a lease', load: async () => (await leases()).leaseKeepAlive },
  { name: 'list', summary: 'List the leases', load: async () => (await leases()).leaseList },
  { name: 'revoke', summary: 'End a lease and delete its keys', load: async () => (await leases()).leaseRevoke },
  { name: 'timetolive', summary: 'Show what a lease has left', load: async () => (await leases()).leaseTimeToLive },
];

const status: CommandRow = {
  name: 'status',
  summary: 'Show what each member says of itself',
  load: async () => (await import('./server/status.ts')).etcdStatus,
};
const health: CommandRow = {
  name: 'health',
  summary: 'Check each member',
  load: async () => (await import('./server/health.ts')).etcdHealth,
};

/** The commands of the group `etcd` that administer a cluster. etcdctl's own words for them work as well. */
export const serverCommands: readonly CommandRow[] = [
  {
    name: 'alarms',
    aliases: ['alarm'],
    summary: 'List and clear alarms',
    group: { use: 'alarms (disarm | list)', description: 'List and clear the alarms of members.' },
    children: [
      { name: 'disarm', summary: 'Clear all alarms', load: async () => (await alarms()).alarmsDisarm },
      { name: 'list', summary: 'List the alarms', load: async () => (await alarms()).alarmsList },
    ],
  },
  {
    name: 'auth',
    summary: 'Manage users, roles and whether they are wanted',
    group: { use: 'auth (disable | enable | role | status | user)', description: "Manage etcd's own authentication." },
    children: authCommands,
  },
  {
    name: 'compact',
    aliases: ['compaction'],
    summary: 'Forget what was before a revision',
    load: async () => (await import('./server/compact.ts')).etcdCompact,
  },
  {
    name: 'defrag',
    summary: 'Give free space back to the disk',
    load: async () => (await import('./server/defrag.ts')).etcdDefrag,
  },
  {
    name: 'endpoint',
    summary: "The same as health and status, in etcdctl's words",
    hidden: true,
    group: { use: 'endpoint (health | status)', description: 'Check endpoints.' },
    children: [health, status],
  },
  health,
  {
    name: 'lease',
    summary: 'Make, renew and end leases',
    group: { use: 'lease (grant | keep-alive | list | revoke | timetolive)', description: 'Manage leases.' },
    children: leaseCommands,
  },
  {
    name: 'members',
    aliases: ['member'],
    summary: 'List and change the members of the cluster',
    group: {
      use: 'members (add | list | promote | remove | update)',
      description: 'List and change the members of the cluster.',
    },
    children: memberCommands,
  },
  {
    name: 'move-leader',
    summary: 'Hand the leadership to another member',
    load: async () => (await import('./server/move-leader.ts')).etcdMoveLeader,
  },
  { name: 'role', summary: 'The same as auth role', hidden: true, group: roleGroup, children: roleCommands },
  status,
  {
    name: 'txn',
    summary: 'Read and write several keys at once, under conditions',
    load: async () => (await import('./txn/txn.ts')).etcdTxn,
  },
  { name: 'user', summary: 'The same as auth user', hidden: true, group: userGroup, children: userCommands },
];
