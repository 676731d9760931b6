/** Follows the desk over one WebSocket: the whole state after every connection, then each change. */

import { backOff } from "../chat/back_off.ts";
import type { Socket } from "../chat/live.ts";
import { Timers } from "../chat/timers.ts";
import type { Frame } from "./shapes.ts";

export interface Followed {
  readonly conversation: string;
  readonly after: number;
  readonly after_note: number;
}

export interface Listener {
  frame(frame: Frame): void;
  /** The line to the gateway is up or down. */
  link(up: boolean): void;
  /** The session has ended, or has no right to be here: trying again is of no use. */
  refused(code: number): void;
}

const REFUSED_CODES = new Set([1008, 4401, 4403]);
const CONNECT_MS = 8_000;

export class DeskFeed {
  readonly #url: string;
  readonly #open: (url: string) => Socket;
  readonly #followed: () => readonly Followed[];
  readonly #listener: Listener;
  readonly #timers = new Timers();
  #socket: Socket | null = null;
  #failures = 0;

  /** `followed` says at each connection what is open on the screen, and from where on. */
  constructor(
    url: string, open: (url: string) => Socket, followed: () => readonly Followed[], listener: Listener,
  ) {
    this.#url = url;
    this.#open = open;
    this.#followed = followed;
    this.#listener = listener;
  }

  start(): void {
    this.stop();
    const socket = this.#open(this.#url);
    this.#socket = socket;
    this.#timers.set("connect", CONNECT_MS, () => this.#lost(0));
    socket.onopen = () => {
      this.#timers.clear("connect");
      this.#failures = 0;
      this.follow();
      this.#listener.link(true);
    };
    socket.onmessage = (event) => {
      const frame = read(event.data);
      if (frame !== null) this.#listener.frame(frame);
    };
    socket.onclose = (event) => this.#lost(event.code);
  }

  /** Tell the gateway what is open now. */
  follow(): void {
    // A socket that is not open yet tells it when it opens.
    if (!this.#timers.has("connect")) this.#socket?.send(JSON.stringify({ follow: this.#followed() }));
  }

  stop(): void {
    this.#timers.clearAll();
    const socket = this.#socket;
    this.#socket = null;
    if (socket === null) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  #lost(code: number): void {
    this.stop();
    this.#listener.link(false);
    if (REFUSED_CODES.has(code)) {
      this.#listener.refused(code);
      return;
    }
    this.#failures += 1;
    this.#timers.set("again", backOff(this.#failures, Math.random()), () => this.start());
  }
}

/** A frame, or null for what is none. */
function read(data: unknown): Frame | null {
  try {
    const frame = JSON.parse(String(data)) as { type?: unknown } | null;
    return typeof frame?.type === "string" ? (frame as Frame) : null;
  } catch {
    return null;
  }
}
