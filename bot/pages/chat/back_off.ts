/** How long to wait before trying again. */

const FIRST_MS = 500;
/** Whoever waits must be back within ten seconds of the gateway. */
const LONGEST_MS = 8_000;
const JITTER = 0.3;

/**
 * Milliseconds before try number `failures + 1`: doubling from 0.5 s, never above 8 s.
 *
 * Up to 30 % is taken off at random, so that the customers of a gateway that comes back
 * do not all knock in the same instant. `random` is in [0, 1).
 */
export function backOff(failures: number, random: number): number {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.max(0, failures - 1));
  return Math.round(full * (1 - JITTER * random));
}
