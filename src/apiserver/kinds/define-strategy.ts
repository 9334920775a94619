import type { FieldError } from '../../model/field-error.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { semanticEqual } from '../../model/semantic-equal.ts';
import type { Strategy, StrategyContext, SubresourceStrategy } from '../strategy.ts';
import type { Fields } from './fields.ts';
import { tableFor } from './table-for.ts';

/** What is particular to a kind; all that it does not say is as most kinds have it. */
export interface KindBehaviour {
  /** The plural with its group: `pods`, `deployments.apps`. */
  readonly resource: string;
  /** The status of a new object. Absent: the kind has no status that only the status subresource may write. */
  readonly initialStatus?: (object: KubeObject) => Fields;
  /** Whether metadata.generation counts the changes of the desired state. */
  readonly generation?: boolean;
  /** Whether a change counts for the generation, where it is not just any field but metadata and status. */
  readonly changed?: (object: KubeObject, old: KubeObject) => boolean;
  readonly defaults?: (object: KubeObject) => void;
  readonly afterRead?: (object: KubeObject) => KubeObject;
  /** Runs after the status is reset and the generation is set. */
  readonly prepareForCreate?: (object: KubeObject) => void;
  readonly prepareForUpdate?: (object: KubeObject, old: KubeObject) => void;
  readonly prepareForStatusUpdate?: (object: KubeObject, old: KubeObject) => void;
  readonly admit?: (object: KubeObject, old: KubeObject | undefined, context: StrategyContext) => Promise<void>;
  /** Default false; see Strategy. */
  readonly admitsBeforeHooks?: boolean;
  readonly validate?: (object: KubeObject) => FieldError[];
  /** Absent: an update is validated as a create is. */
  readonly validateUpdate?: (object: KubeObject, old: KubeObject) => FieldError[];
  readonly validateStatusUpdate?: (object: KubeObject, old: KubeObject) => FieldError[];
  readonly subresources?: Readonly<Record<string, SubresourceStrategy>>;
  readonly validateName?: (name: string, prefix: boolean) => string[];
  readonly warnings?: (object: KubeObject, old: KubeObject | undefined) => string[];
  readonly selectableFields?: Readonly<Record<string, (object: KubeObject) => string>>;
  readonly gracePeriod?: (object: KubeObject, requested: number | undefined) => number;
  /** Default false. */
  readonly allowCreateOnUpdate?: boolean;
  /** Default true. */
  readonly allowUnconditionalUpdate?: boolean;
}

/** The strategy of a kind, from what is particular to it. */
export function defineStrategy(kind: KindBehaviour): Strategy {
  const { resource, initialStatus, generation, changed, ...own } = kind;
  const validate = kind.validate ?? noErrors;
  const hasChanged = changed ?? desiredStateChanged;
  return {
    ...own,
    hasStatus: initialStatus !== undefined,
    defaults: kind.defaults ?? nothing,
    prepareForCreate(object): void {
      if (initialStatus !== undefined) object.status = initialStatus(object);
      if (generation === true) object.metadata.generation = 1;
      kind.prepareForCreate?.(object);
    },
    prepareForUpdate(object, old): void {
      if (initialStatus !== undefined) takeField(object, old, 'status');
      kind.prepareForUpdate?.(object, old);
      if (generation === true) countChange(object, old, hasChanged(object, old));
    },
    ...(initialStatus === undefined ? {} : { prepareForStatusUpdate: kind.prepareForStatusUpdate ?? keepAllButStatus }),
    validate,
    validateUpdate: kind.validateUpdate ?? validate,
    allowCreateOnUpdate: kind.allowCreateOnUpdate ?? false,
    allowUnconditionalUpdate: kind.allowUnconditionalUpdate ?? true,
    table: tableFor(resource),
  };
}

function nothing(): void {}

function noErrors(): FieldError[] {
  return [];
}

const NOT_DESIRED_STATE = new Set(['apiVersion', 'kind', 'metadata', 'status']);

/** Whether anything but metadata and status differs. */
export function desiredStateChanged(object: KubeObject, old: KubeObject): boolean {
  const keys = new Set([...Object.keys(object), ...Object.keys(old)]);
  return [...keys].some((key) => !NOT_DESIRED_STATE.has(key) && !semanticEqual(object[key], old[key]));
}

function countChange(object: KubeObject, old: KubeObject, changed: boolean): void {
  const before = old.metadata.generation ?? 0;
  object.metadata.generation = changed ? before + 1 : before;
}

/** Takes a top-level field from another object, also its absence. */
function takeField(object: KubeObject, from: KubeObject, field: string): void {
  if (from[field] === undefined) delete object[field];
  else object[field] = from[field];
}

/** What a write to the status subresource may not change: all but status and metadata is as before. */
export function keepAllButStatus(object: KubeObject, old: KubeObject): void {
  for (const key of new Set([...Object.keys(object), ...Object.keys(old)])) {
    if (!NOT_DESIRED_STATE.has(key)) takeField(object, old, key);
  }
}
