import type * as Rpc from 'etcd3';

/** A message without fields. */
type NoFields = Readonly<Record<string, never>>;

/** A permission as it is sent: etcd3's type has no range. */
interface Permission {
  readonly permType: 'Read' | 'Write' | 'Readwrite';
  readonly key: Buffer;
  readonly range_end: Buffer;
}

interface Answered {
  readonly header: Rpc.IResponseHeader;
}

interface RolesAnswer extends Answered {
  readonly roles: readonly string[];
}

/** etcd's unary calls that are used: gRPC path -> request and answer. 64-bit numbers are decimal strings, enums names. */
export interface UnaryMethods {
  'KV/Range': [Rpc.IRangeRequest, Rpc.IRangeResponse];
  'KV/Txn': [Rpc.ITxnRequest, Rpc.ITxnResponse];
  'KV/Compact': [Rpc.ICompactionRequest, Rpc.ICompactionResponse];
  'Lease/LeaseGrant': [Rpc.ILeaseGrantRequest, Rpc.ILeaseGrantResponse];
  'Lease/LeaseRevoke': [Rpc.ILeaseRevokeRequest, Rpc.ILeaseRevokeResponse];
  'Lease/LeaseTimeToLive': [Rpc.ILeaseTimeToLiveRequest, Rpc.ILeaseTimeToLiveResponse];
  'Lease/LeaseLeases': [NoFields, Answered & { readonly leases: readonly { readonly ID: string }[] }];
  'Maintenance/Status': [NoFields, Rpc.IStatusResponse];
  'Maintenance/Alarm': [Rpc.IAlarmRequest, Rpc.IAlarmResponse];
  'Maintenance/Defragment': [NoFields, Answered];
  'Maintenance/MoveLeader': [Rpc.IMoveLeaderRequest, Answered];
  'Cluster/MemberList': [Rpc.IMemberListRequest, Rpc.IMemberListResponse];
  'Cluster/MemberAdd': [Rpc.IMemberAddRequest, Rpc.IMemberAddResponse];
  'Cluster/MemberRemove': [Rpc.IMemberRemoveRequest, Rpc.IMemberRemoveResponse];
  'Cluster/MemberUpdate': [Rpc.IMemberUpdateRequest, Rpc.IMemberUpdateResponse];
  'Cluster/MemberPromote': [Rpc.IMemberPromoteRequest, Rpc.IMemberPromoteResponse];
  'Auth/Authenticate': [Rpc.IAuthenticateRequest, Rpc.IAuthenticateResponse];
  'Auth/AuthEnable': [NoFields, Answered];
  'Auth/AuthDisable': [NoFields, Answered];
  'Auth/AuthStatus': [NoFields, Answered & { readonly enabled: boolean; readonly authRevision: string }];
  'Auth/UserAdd': [
    { readonly name: string; readonly password: string; readonly options?: { readonly no_password: boolean } },
    Answered,
  ];
  'Auth/UserDelete': [{ readonly name: string }, Answered];
  'Auth/UserGet': [{ readonly name: string }, RolesAnswer];
  'Auth/UserList': [NoFields, Answered & { readonly users: readonly string[] }];
  'Auth/UserChangePassword': [{ readonly name: string; readonly password: string }, Answered];
  'Auth/UserGrantRole': [{ readonly user: string; readonly role: string }, Answered];
  'Auth/UserRevokeRole': [{ readonly name: string; readonly role: string }, Answered];
  'Auth/RoleAdd': [{ readonly name: string }, Answered];
  'Auth/RoleDelete': [{ readonly role: string }, Answered];
  'Auth/RoleGet': [{ readonly role: string }, Answered & { readonly perm: readonly Permission[] }];
  'Auth/RoleList': [NoFields, RolesAnswer];
  'Auth/RoleGrantPermission': [{ readonly name: string; readonly perm: Permission }, Answered];
  'Auth/RoleRevokePermission': [{ readonly role: string; readonly key: Buffer; readonly range_end: Buffer }, Answered];
}

/** etcd's calls that stream: what is sent and what comes. The snapshot's one request has no fields. */
export interface StreamMethods {
  'Watch/Watch': [Rpc.IWatchRequest, Rpc.IWatchResponse];
  'Lease/LeaseKeepAlive': [Rpc.ILeaseKeepAliveRequest, Rpc.ILeaseKeepAliveResponse];
  'Maintenance/Snapshot': [NoFields, { readonly remaining_bytes: string; readonly blob: Buffer }];
}

export type UnaryMethod = keyof UnaryMethods;
export type StreamMethod = keyof StreamMethods;
export type RequestOf<M extends UnaryMethod> = UnaryMethods[M][0];
export type AnswerOf<M extends UnaryMethod> = UnaryMethods[M][1];
