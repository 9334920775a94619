import type { UserInfo } from './api-message.ts';

/** Who a caller in the same process is, and whoever shows a server's own token: somebody who may do everything. */
export const ADMINISTRATOR: UserInfo = { name: 'kube-lite-admin', groups: ['system:masters', 'system:authenticated'] };
