import type { UserInfo } from '../model/api-message.ts';
import type { FieldError } from '../model/field-error.ts';
import type { JsonValue } from '../model/json-value.ts';
import type { KubeObject } from '../model/kube-object.ts';
import type { TableColumn, TableRow } from '../model/table.ts';

/** What a strategy may ask of the server around it. */
export interface StrategyContext {
  now(): Date;
  /** Who asks. */
  readonly user: UserInfo;
  /** One object, or undefined. `resource` is the plural with its group: `nodes`, `storageclasses.storage.k8s.io`. */
  get(resource: string, namespace: string, name: string): Promise<KubeObject | undefined>;
  /** All objects of a resource, in one namespace or ('') in all. */
  list(resource: string, namespace: string): Promise<KubeObject[]>;
}

/** How a kind prints as a table row. */
export interface TablePrinter {
  readonly columns: readonly TableColumn[];
  /** One cell a column. Ages are text, relative to `now`. */
  cells(object: KubeObject, now: Date): JsonValue[];
  /** What a client may show a row by; absent or empty for most. */
  conditions?(object: KubeObject): NonNullable<TableRow['conditions']>;
}

/** How an object is written through a subresource that shows a part of it (`approval`, `ephemeralcontainers`). */
export interface SubresourceStrategy {
  /** Puts back what the subresource may not change. */
  prepare(object: KubeObject, old: KubeObject, context: StrategyContext): void;
  /** All wrong fields, in the real server's order. */
  validate(object: KubeObject, old: KubeObject): FieldError[];
}

/**
 * What is particular to one kind (apiserver's rest.RESTCreateStrategy and friends). The registry calls it and does for all
 * kinds what is common: metadata, names, namespaces, uid, preconditions, finalizers. Objects are changed in place. The order
 * on create is: defaults, prepareForCreate, admit, validate; on update: defaults, prepareForUpdate, admit, validateUpdate.
 * Metadata itself (names, labels, annotations, owner references) is validated by the registry, before the kind's own fields.
 */
export interface Strategy {
  /** Fills the version's defaults; idempotent (scheme defaulting). */
  defaults(object: KubeObject): void;

  /** An object as it was stored with the defaults that its encoding does not keep; shares what it does not change. */
  afterRead?(object: KubeObject): KubeObject;

  /** Clears what a client may not set (status …) and sets what the server owns (generation …). */
  prepareForCreate(object: KubeObject): void;
  prepareForUpdate(object: KubeObject, old: KubeObject): void;
  /** A write to the status subresource: everything but status comes from `old`. */
  prepareForStatusUpdate?(object: KubeObject, old: KubeObject): void;

  /** Defaulting that needs the rest of the cluster (admission plug-ins, address allocation). Throws StatusError to refuse. */
  admit?(object: KubeObject, old: KubeObject | undefined, context: StrategyContext): Promise<void>;

  /**
   * Whether `admit` on create is the work of admission plug-ins alone, which mutating webhooks see: it is then done before they
   * are asked, and once more after they changed the object.
   */
  readonly admitsBeforeHooks?: boolean;

  /** All wrong fields of the kind, in the real server's order. */
  validate(object: KubeObject): FieldError[];
  validateUpdate(object: KubeObject, old: KubeObject): FieldError[];
  validateStatusUpdate?(object: KubeObject, old: KubeObject): FieldError[];

  /** Subresources that are written in a way of their own, by their names; `status` among them goes before the methods above. */
  readonly subresources?: Readonly<Record<string, SubresourceStrategy>>;

  /** Checks metadata.name; messages as apimachinery's name validators give them. Absent: a DNS-1123 subdomain. */
  validateName?(name: string, prefix: boolean): string[];

  /** Warnings for a write, as the real server sends them in the `Warning` header. */
  warnings?(object: KubeObject, old: KubeObject | undefined): string[];

  /** Whether a PUT of a missing object creates it. */
  readonly allowCreateOnUpdate: boolean;

  /** Whether a PUT without resourceVersion is accepted. */
  readonly allowUnconditionalUpdate: boolean;

  /** The kind's own field-selector values; metadata.name and metadata.namespace are common. Absent: none. */
  readonly selectableFields?: Readonly<Record<string, (object: KubeObject) => string>>;

  /** Seconds that a delete waits for whoever runs the object; 0 or absent deletes at once. Pods without a node: 0. */
  gracePeriod?(object: KubeObject, requested: number | undefined): number;

  /** Whether the kind has a status that only the status subresource may write. */
  readonly hasStatus: boolean;

  readonly table: TablePrinter;
}
