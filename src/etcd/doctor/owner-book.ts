import type { KubeObject } from '../../model/kube-object.ts';
import { groupVersionOf } from '../../model/schema/resource-info.ts';
import type { Finding } from './finding.ts';
import { shellWord } from './shell-word.ts';
import type { StoreFacts } from './store-facts.ts';

interface Owned {
  readonly key: string;
  readonly owners: readonly { readonly uid: string; readonly text: string }[];
}

/** Remembers which objects there are and whom they name as owners, and tells in the end whose owners are gone. */
export class OwnerBook {
  readonly #facts: StoreFacts;
  readonly #uids = new Set<string>();
  readonly #owned: Owned[] = [];
  /** Kinds whose objects could not all be read: their owners may be among them. */
  #unread = false;

  constructor(facts: StoreFacts) {
    this.#facts = facts;
  }

  add(key: string, { metadata }: KubeObject): void {
    const { uid, ownerReferences } = metadata ?? {};
    if (uid !== undefined && uid !== '') this.#uids.add(uid);
    if (!Array.isArray(ownerReferences) || ownerReferences.length === 0) return;
    const owners = ownerReferences.map((owner) => ({ uid: owner.uid, text: `${owner.kind} ${owner.name}` }));
    const elsewhere = ownerReferences.some(({ apiVersion }) => {
      return this.#facts.aggregatedGroups.has(groupVersionOf(apiVersion ?? '').group);
    });
    // An owner that another API server keeps cannot be looked for here.
    if (!elsewhere) this.#owned.push({ key, owners });
  }

  /** An object that could not be read may be anybody's owner. */
  addUnread(): void {
    this.#unread = true;
  }

  findings(program: string): Finding[] {
    return this.#owned.flatMap(({ key, owners }) => {
      const gone = owners.filter(({ uid }) => !this.#uids.has(uid));
      if (gone.length === 0) return [];
      const all = gone.length === owners.length;
      const names = gone.map(({ text, uid }) => `${text} (uid ${uid})`).join(', ');
      const doubt = this.#unread ? '; it may be among the objects that cannot be read' : '';
      const finding: Finding = {
        severity: all ? 'warning' : 'info',
        code: all ? 'orphan' : 'dangling-owner',
        subject: key,
        message: `${all ? 'its owner' : 'one of its owners'} is gone: ${names}${doubt}`,
        remedy: `${program} etcd del ${shellWord(key)}`,
      };
      return [finding];
    });
  }
}
