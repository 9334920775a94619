/** How a flag's text is read, as pflag has it: a stringList splits at commas and adds up, a stringArray only adds up. */
export type FlagType = 'bool' | 'string' | 'int' | 'duration' | 'stringList' | 'stringArray';

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
  readonly hidden?: boolean;
  /** What to use instead; the flag still works. */
  readonly deprecated?: string;
}
