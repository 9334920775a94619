import { describe, expect, it } from 'vitest';
import { WatchPatience } from '../../src/commands/watch-patience.ts';
import { ConnectionError } from '../../src/model/connection-error.ts';
import { expired, forbidden, serviceUnavailable } from '../../src/model/status-errors.ts';

const cut = new ConnectionError('cut', 'h:1', 'EOF', { sent: true });
const signal = new AbortController().signal;

describe('WatchPatience', () => {
  it('ends after a minute in which nothing came', async () => {
    let now = 0;
    const patience = new WatchPatience(() => now);
    await patience.afterFailure(cut, signal);
    now = 50_000;
    await patience.afterFailure(serviceUnavailable('busy'), signal);
    patience.progressed();
    now = 100_000;
    await patience.afterFailure(cut, signal);
    now = 160_000;
    await expect(patience.afterFailure(cut, signal)).rejects.toBe(cut);
  });

  it('ends at once for what will not get better, and when it is interrupted', async () => {
    for (const error of [expired('old'), forbidden({ group: '', resource: 'pods' }, 'p', 'no'), new Error('bug')]) {
      await expect(new WatchPatience().afterFailure(error, signal)).rejects.toBe(error);
    }
    const reason = new Error('interrupted');
    await expect(new WatchPatience().afterFailure(cut, AbortSignal.abort(reason))).rejects.toBe(reason);
    const abort = new AbortController();
    const waiting = new WatchPatience().afterEnd(abort.signal);
    abort.abort(reason);
    await expect(waiting).rejects.toBe(reason);
  });
});
