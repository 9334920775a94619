/** One end of a way through the network: a member of etcd by its index, or the test's own process, the members' client. */
export type NetworkEnd = number | 'test';

/** What is between the members of an etcd, and between them and their client. */
export interface MemberNetwork {
  /** What it is made of, for figures. */
  readonly kind: string;
  /** From now on nothing that `from` sends arrives at `to`, without a word to either: connections stay, and stay silent. */
  lose(from: NetworkEnd, to: NetworkEnd): Promise<void>;
  /** From now on what a member sends takes long. */
  slow(member: number): Promise<void>;
  /** All is well again. */
  heal(): Promise<void>;
  stop(): Promise<void>;
}
