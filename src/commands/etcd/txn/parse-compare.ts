import { goBytes } from '../../../model/go-template/go-bytes.ts';
import { UserError } from '../../../model/user-error.ts';
import type { Compare } from '../../../storage/storage.ts';
import { unquoted } from './split-words.ts';

const COMPARE = /^\s*([a-z]+)\s*\(\s*("(?:[^"\\]|\\.)*")\s*\)\s*(\S+?)\s*("(?:[^"\\]|\\.)*")\s*$/s;

const RESULTS: readonly Compare['result'][] = ['=', '!=', '<', '>'];

const NUMBERS: Readonly<Record<string, 'version' | 'create' | 'mod'>> = {
  ver: 'version',
  version: 'version',
  c: 'create',
  create: 'create',
  m: 'mod',
  mod: 'mod',
};

/**
 * Reads a condition as etcdctl takes it: `mod("key") > "0"`, with mod, create, version, value or lease, or their short
 * forms. Throws UserError.
 */
export function parseCompare(line: string): Compare {
  const match = COMPARE.exec(line);
  const [, target = '', quotedKey = '""', operator = '', quotedOperand = '""'] = match ?? [];
  if (match === null) throw malformed(line, 'want TARGET("KEY") OPERATOR "VALUE"');
  const result = RESULTS.find((each) => each === operator);
  if (result === undefined) throw malformed(line, `unknown operator ${operator}; want =, !=, < or >`);
  const key = Buffer.from(goBytes(unquoted(quotedKey, line)));
  if (key.length === 0) throw malformed(line, 'the key is empty');
  const operand = unquoted(quotedOperand, line);
  const number = NUMBERS[target];
  if (number !== undefined) return { key, result, target: number, operand: revisionOf(operand, line) };
  if (target === 'val' || target === 'value') {
    return { key, result, target: 'value', operand: Buffer.from(goBytes(operand)) };
  }
  if (target !== 'lease') throw malformed(line, `unknown target ${target}; want mod, create, version, value or lease`);
  if (!/^[0-9a-f]{1,16}$/i.test(operand)) throw malformed(line, 'a lease is a hexadecimal number');
  return { key, result, target: 'lease', operand: BigInt(`0x${operand}`) };
}

function revisionOf(text: string, line: string): number {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : -1;
  if (!Number.isSafeInteger(value) || value < 0) {
    throw malformed(line, `${JSON.stringify(text)} is no revision or version`);
  }
  return value;
}

function malformed(line: string, why: string): UserError {
  return new UserError(`malformed comparison: ${line.trim()}: ${why}`);
}
