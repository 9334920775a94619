import { DURATION, TIMESTAMP } from '../cel-types.ts';
import type { FunctionTable } from './function-table.ts';

/** Conversions of moments and durations that the library lacks. */
export const TIME_FUNCTIONS: FunctionTable = {
  [`string(${TIMESTAMP}): string`]: (moment: Date) => moment.toISOString().replace(/\.?0*Z$/, 'Z'),
  [`int(${TIMESTAMP}): int`]: (moment: Date) => BigInt(Math.floor(moment.getTime() / 1000)),
  [`timestamp(${TIMESTAMP}): ${TIMESTAMP}`]: (moment: Date) => moment,
  [`string(${DURATION}): string`]: (duration: { toString(): string }) => duration.toString(),
  [`duration(${DURATION}): ${DURATION}`]: (duration: unknown) => duration,
};
