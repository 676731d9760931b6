/** Tells the gateway that this agent is here, what is on the screen, and whether they are writing. */

import { Timers } from "../chat/timers.ts";
import type { Beat } from "./desk_gateway.ts";
import type { Myself, Status } from "./shapes.ts";

const FIRST_SECONDS = 15;
/** Who stops typing for so long is not writing any more. */
const WRITES_MS = 6_000;

export class Presence {
  readonly #send: (beat: Beat) => Promise<{ readonly me: Myself }>;
  readonly #heard: (me: Myself) => void;
  readonly #timers = new Timers();
  #seconds = FIRST_SECONDS;
  #viewing: string | null = null;
  #replying = false;

  constructor(send: (beat: Beat) => Promise<{ readonly me: Myself }>, heard: (me: Myself) => void) {
    this.#send = send;
    this.#heard = heard;
  }

  start(): void {
    this.now();
  }

  stop(): void {
    this.#timers.clearAll();
  }

  every(seconds: number): void {
    this.#seconds = seconds;
  }

  viewing(conversation: string | null): void {
    this.#viewing = conversation;
    this.#replying = false;
    this.now();
  }

  replying(is: boolean): void {
    if (is) this.#timers.set("writes", WRITES_MS, () => this.replying(false));
    if (is === this.#replying) return;
    this.#replying = is;
    this.now();
  }

  /** Change whether this agent takes conversations; fails if the gateway does. */
  async set(status: Status): Promise<void> {
    this.#heard((await this.#send({ ...this.#beat(), status })).me);
  }

  now(): void {
    this.#timers.set("beat", this.#seconds * 1_000, () => this.now());
    // A beat that is lost is followed by the next one; after some the gateway says "away".
    void this.#send(this.#beat()).then(({ me }) => this.#heard(me), () => undefined);
  }

  #beat(): Beat {
    return { viewing: this.#viewing, replying: this.#replying };
  }
}
