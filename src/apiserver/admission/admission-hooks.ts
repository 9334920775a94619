import type { KubeObject } from '../../model/kube-object.ts';
import type { ObjectStorage } from '../../storage/object-storage.ts';
import type { AdmissionAttributes } from './admission-attributes.ts';

/** The policies and webhooks that are stored at a moment. */
export interface StoredHooks {
  /** Calls the webhooks that may change a write. Answers the object as they made it. Throws what refuses the write. */
  mutate(attributes: AdmissionAttributes): Promise<{ object: KubeObject | undefined; warnings: readonly string[] }>;
  /** Asks policies, then webhooks. Answers warnings. Throws what refuses the write. */
  validate(attributes: AdmissionAttributes): Promise<readonly string[]>;
}

/** What reads hooks from a store that has some. */
export interface HookSource {
  stored(): StoredHooks;
}

/** Policies and webhooks of the group admissionregistration.k8s.io. */
export interface AdmissionHooks {
  /**
   * With what no key may begin for a write to go unasked, where none was seen: to be made a condition of the write, which then
   * costs nothing. Undefined where some was seen.
   */
  unseen(): readonly string[] | undefined;
  /** What is stored now; undefined when that is nothing, which costs two empty reads and loads no code. */
  stored(): Promise<StoredHooks | undefined>;
}

/** What the keys of all configurations begin with: policies and webhooks that validate, and those that mutate. */
const PREFIXES: readonly string[] = ['validating', 'mutatingwebhook'];

export function lazyHooks(storage: ObjectStorage, load: () => Promise<HookSource>): AdmissionHooks {
  let loaded: Promise<HookSource> | undefined;
  let seen = false;
  return {
    unseen: () => (seen ? undefined : PREFIXES),
    async stored() {
      seen = await storage.hasKeys(PREFIXES);
      if (!seen) return undefined;
      loaded ??= load();
      return (await loaded).stored();
    },
  };
}
