/** How a flag's text is read, as pflag has it: a stringList splits at commas and adds up, a stringArray only adds up. */
export type FlagType = 'bool' | 'string' | 'int' | 'int64' | 'duration' | 'stringList' | 'stringArray';

/** Where shell completion finds the values of a flag or argument that has no fixed ones. */
export type CompletionSource =
  | 'files'
  | 'folders'
  /** Files that hold YAML or JSON. */
  | 'manifests'
  | 'namespaces'
  | 'contexts'
  | 'clusters'
  | 'users'
  /** Containers of the pod that is named. */
  | 'containers'
  /** `KEY=` and `KEY=VALUE` of the labels that objects of the named type have. */
  | 'labels'
  | 'label-keys';

/** A flag as data: the parser, help and completion all read it. */
export interface Flag {
  /** Without dashes. */
  readonly name: string;
  readonly short?: string;
  readonly type: FlagType;
  /** The default as help prints it; bools are false, strings empty and lists empty without it. */
  readonly default?: string;
  /** The value when the flag stands alone without `=` (pflag's NoOptDefVal); bools have `true`. */
  readonly bare?: string;
  readonly usage: string;
  /** What completion offers as its value: the values themselves, or where they are. */
  readonly values?: readonly string[] | CompletionSource;
  readonly hidden?: boolean;
  /** The global flag whose value this one gives, under another name. */
  readonly standsFor?: string;
  /** What to use instead; the flag still works. */
  readonly deprecated?: string;
}
