import { readFileSync } from 'node:fs';
import { uptime } from 'node:os';

/** Times as leases need them. Injected in tests. */
export interface LeaseClock {
  /** Seconds since the machine started; not moved by anyone who sets the wall clock. */
  uptime(): number;
  /** Which start of the machine `uptime` counts from, or empty where that cannot be told. */
  boot(): string;
  /** Milliseconds since 1970. */
  wall(): number;
}

/** When a lease ends: by uptime while the machine that wrote it has not restarted, else by the wall clock. */
export interface Deadline {
  readonly boot: string;
  readonly uptime: number;
  readonly wall: number;
}

export function deadlineIn(clock: LeaseClock, seconds: number): Deadline {
  return { boot: clock.boot(), uptime: clock.uptime() + seconds, wall: clock.wall() + seconds * 1000 };
}

/** Seconds left, 0 or less when the time is over, and never more than was granted, whatever the clocks did. */
export function remaining(clock: LeaseClock, deadline: Deadline, ttl: number): number {
  const left = isCurrent(clock, deadline) ? deadline.uptime - clock.uptime() : (deadline.wall - clock.wall()) / 1000;
  return Math.min(left, ttl);
}

/** Whether the deadline can be told by uptime. */
export function isCurrent(clock: LeaseClock, deadline: Deadline): boolean {
  return deadline.boot !== '' && deadline.boot === clock.boot();
}

/** The machine's clocks. */
export function systemClock(): LeaseClock {
  let boot: string | undefined;
  return {
    uptime: () => Number(readLine('/proc/uptime').split(' ')[0]) || uptime(),
    boot: () => (boot ??= readLine('/proc/sys/kernel/random/boot_id')),
    wall: () => Date.now(),
  };
}

/** The first line of a file of the kernel's, or empty on other systems. */
function readLine(path: string): string {
  try {
    return readFileSync(path, 'utf8').split('\n')[0] ?? '';
  } catch {
    return '';
  }
}
