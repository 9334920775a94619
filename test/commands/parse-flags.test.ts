import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FlagValues } from '../../src/commands/flag-values.ts';
import type { Flag } from '../../src/commands/flag.ts';
import { parseFlags } from '../../src/commands/parse-flags.ts';

const flags: readonly Flag[] = [
  { name: 'output', short: 'o', type: 'string', usage: '' },
  { name: 'watch', short: 'w', type: 'bool', usage: '' },
  { name: 'recursive', short: 'R', type: 'bool', usage: '' },
  { name: 'wait', type: 'bool', default: 'true', usage: '' },
  { name: 'dry-run', type: 'string', default: 'none', bare: 'unchanged', usage: '' },
  { name: 'filename', short: 'f', type: 'stringList', usage: '' },
  { name: 'from-literal', type: 'stringArray', usage: '' },
  { name: 'replicas', short: 'r', type: 'int', default: '1', usage: '' },
  { name: 'timeout', type: 'duration', default: '0s', usage: '' },
  { name: 'no-headers', type: 'bool', usage: '' },
];

function parsed(...argv: string[]): { args: string[]; given: Record<string, string[]> } {
  const { args, given } = parseFlags(argv, flags);
  return { args, given: Object.fromEntries(given) };
}

describe('parseFlags', () => {
  it.each([
    [['-o', 'json', 'a'], { args: ['a'], given: { output: ['json'] } }],
    [['-ojson', 'a'], { args: ['a'], given: { output: ['json'] } }],
    [['-o=json'], { args: [], given: { output: ['json'] } }],
    [['--output=json=x'], { args: [], given: { output: ['json=x'] } }],
    [['--output', '-x'], { args: [], given: { output: ['-x'] } }],
    [['-wR', 'a'], { args: ['a'], given: { watch: ['true'], recursive: ['true'] } }],
    [['-wRf', 'x'], { args: [], given: { watch: ['true'], recursive: ['true'], filename: ['x'] } }],
    [['--wait=false', 'a'], { args: ['a'], given: { wait: ['false'] } }],
    [['--wait', 'false'], { args: ['false'], given: { wait: ['true'] } }],
    [['--wait=0'], { args: [], given: { wait: ['false'] } }],
    [['--dry-run', 'client'], { args: ['client'], given: { 'dry-run': ['unchanged'] } }],
    [['--dry-run=client'], { args: [], given: { 'dry-run': ['client'] } }],
    [['a', '-o', 'yaml', 'b', '--', '-o', '--x'], { args: ['a', 'b', '-o', '--x'], given: { output: ['yaml'] } }],
    [['-'], { args: ['-'], given: {} }],
    [['-r', '-1'], { args: [], given: { replicas: ['-1'] } }],
    [['--replicas=0x10'], { args: [], given: { replicas: ['16'] } }],
    [['--timeout=1m30s'], { args: [], given: { timeout: ['1m30s'] } }],
    [['--no-headers'], { args: [], given: { 'no-headers': ['true'] } }],
    [['-f', 'a', '--filename=b,c'], { args: [], given: { filename: ['a', 'b,c'] } }],
  ])('%j', (argv, expected) => {
    expect(parsed(...argv)).toEqual(expected);
  });

  it.each([
    [['--nonsense'], 'unknown flag: --nonsense'],
    [['-x'], "unknown shorthand flag: 'x' in -x"],
    [['-wxy'], "unknown shorthand flag: 'x' in -xy"],
    [['--output'], 'flag needs an argument: --output'],
    [['-o'], "flag needs an argument: 'o' in -o"],
    [['--=x'], 'bad flag syntax: --=x'],
    [
      ['--wait=maybe'],
      'invalid argument "maybe" for "--wait" flag: strconv.ParseBool: parsing "maybe": invalid syntax',
    ],
    [['-r', 'x'], 'invalid argument "x" for "-r, --replicas" flag: strconv.ParseInt: parsing "x": invalid syntax'],
    [['--timeout=5'], 'invalid argument "5" for "--timeout" flag: time: missing unit in duration "5"'],
  ])('%j is refused', (argv, message) => {
    expect(() => parsed(...argv)).toThrow(message);
  });

  it('gives every argument behind -- back as it is', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (args) => {
        expect(parseFlags(['--', ...args], flags).args).toEqual(args);
      }),
    );
  });

  it('reads a long flag with = and with a following word alike', () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        expect(parsed('--output', value)).toEqual(parsed(`--output=${value}`));
      }),
    );
  });
});

describe('FlagValues', () => {
  const values = (...argv: string[]): FlagValues => new FlagValues(flags, parseFlags(argv, flags).given);

  it('splits lists at commas, with quotes around what has one, and arrays not at all', () => {
    expect(values('-f', 'a,b', '-f', '"c,d",e').list('filename')).toEqual(['a', 'b', 'c,d', 'e']);
    expect(values('--from-literal=a=1,b=2').list('from-literal')).toEqual(['a=1,b=2']);
  });

  it('knows defaults, and what was given', () => {
    const given = values('--wait=false');
    expect([given.bool('wait'), given.changed('wait'), given.int('replicas'), given.changed('replicas')]).toEqual([
      false,
      true,
      1,
      false,
    ]);
    expect(given.given('output')).toBeUndefined();
    expect(() => given.string('nonsense')).toThrow('flag --nonsense is not defined');
  });
});
