import { UserError } from '../../model/user-error.ts';

const UNITS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

/** `--request-timeout` in milliseconds; undefined for no limit. Mirrors clientcmd.ParseTimeout. */
export function parseRequestTimeout(text: string): number | undefined {
  const milliseconds = /^[+-]?\d+$/.test(text) ? Number(text) * 1000 : durationOf(text);
  if (milliseconds === undefined) {
    throw new UserError(
      'Invalid timeout value. Timeout must be a single integer in seconds, or an integer followed by a corresponding time unit (e.g. 1s | 2m | 3h)',
    );
  }
  return milliseconds > 0 ? milliseconds : undefined;
}

function durationOf(text: string): number | undefined {
  if (!/^[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|ms|s|m|h))+$/.test(text)) return undefined;
  const parts = text.matchAll(/(\d+\.?\d*|\.\d+)(ns|us|µs|ms|s|m|h)/g);
  const total = [...parts].reduce((sum, [, amount, unit = '']) => sum + Number(amount) * (UNITS[unit] ?? 0), 0);
  return text.startsWith('-') ? -total : total;
}
