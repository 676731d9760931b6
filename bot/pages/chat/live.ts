/** Follows a conversation: WebSocket with replay, long poll where no socket gets through. */

import { backOff } from "./back_off.ts";
import type { Message, Standing, Updates } from "./message.ts";

/** The part of a browser's WebSocket that is used. */
export interface Socket {
  onopen: ((event: never) => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number }) => void) | null;
  send(text: string): void;
  close(code?: number): void;
}

export interface Listener {
  message(message: Message): void;
  standing(standing: Standing): void;
  /** A person is writing; `name` is null if the gateway did not say who. */
  typing(name: string | null): void;
  /** The line to the gateway is up or down. */
  link(up: boolean): void;
  /** The token is not accepted: a new one is needed, trying again is of no use. */
  refused(): void;
}

export interface Feed {
  readonly url: string;
  readonly token: string;
  cursor(): number;
  open(url: string): Socket;
  poll(after: number, seconds: number): Promise<Updates>;
  /** Told by the caller which errors of `poll` mean that the token is not accepted. */
  isAccess(error: unknown): boolean;
  random(): number;
}

const REFUSED_CODES = new Set([1008, 4401, 4403, 4404]);
const SOCKET_TRIES = 3;
const CONNECT_MS = 8_000;
const POLL_SECONDS = 25;
const SOCKET_AGAIN_MS = 60_000;

type Frame =
  | { type: "message"; message: Message }
  | ({ type: "state" } & Standing)
  | { type: "typing"; name?: unknown };

export class LiveFeed {
  readonly #feed: Feed;
  readonly #listener: Listener;
  #socket: Socket | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;
  #everLive = false;
  #everPolled = false;
  #pollingSince: number | null = null;
  /** Grows whenever a new way is begun, so that a late answer of an old one is ignored. */
  #round = 0;

  constructor(feed: Feed, listener: Listener) {
    this.#feed = feed;
    this.#listener = listener;
  }

  start(): void {
    this.#begin();
    if (this.#pollingSince === null) this.#connect();
    else void this.#poll(this.#round);
  }

  /** Try at once: the network is said to be back, or the page was asleep. */
  wake(): void {
    this.#failures = 0;
    this.start();
  }

  stop(): void {
    this.#begin();
  }

  /** Ends whatever was under way; nothing of it is heard any more. */
  #begin(): void {
    this.#round += 1;
    clearTimeout(this.#timer);
    const socket = this.#socket;
    this.#socket = null;
    if (socket) {
      socket.onopen = socket.onmessage = socket.onclose = null;
      socket.close();
    }
  }

  #connect(): void {
    const socket = this.#feed.open(this.#feed.url);
    this.#socket = socket;
    // A firewall may swallow the handshake without a word, and the browser would wait minutes.
    this.#timer = setTimeout(() => this.#lost(0), CONNECT_MS);
    socket.onopen = () => {
      clearTimeout(this.#timer);
      socket.send(JSON.stringify({ token: this.#feed.token, after: this.#feed.cursor() }));
      this.#listener.link(true);
    };
    socket.onmessage = (event) => {
      this.#everLive = true;
      this.#failures = 0;
      this.#hear(event.data);
    };
    socket.onclose = (event) => this.#lost(event.code);
  }

  #hear(data: unknown): void {
    const frame = read(data);
    if (frame?.type === "message") this.#listener.message(frame.message);
    if (frame?.type === "state") this.#listener.standing(frame);
    if (frame?.type === "typing") this.#listener.typing(typeof frame.name === "string" && frame.name ? frame.name : null);
  }

  #lost(code: number): void {
    this.#begin();
    this.#listener.link(false);
    if (REFUSED_CODES.has(code)) {
      this.#listener.refused();
      return;
    }
    this.#failures += 1;
    if (!this.#everLive && this.#failures >= SOCKET_TRIES) {
      this.#pollingSince = Date.now();
      this.#failures = 0;
    }
    this.#again();
  }

  #again(): void {
    const wait = this.#failures === 0 ? 0 : backOff(this.#failures, this.#feed.random());
    this.#timer = setTimeout(() => this.start(), wait);
  }

  async #poll(round: number): Promise<void> {
    try {
      // The first answer comes at once, so that the link is known to be up.
      const seconds = this.#failures > 0 || !this.#everPolled ? 0 : POLL_SECONDS;
      const updates = await this.#feed.poll(this.#feed.cursor(), seconds);
      if (round !== this.#round) return;
      this.#failures = 0;
      this.#everPolled = true;
      this.#listener.link(true);
      updates.messages.forEach((message) => this.#listener.message(message));
      this.#listener.standing(updates);
    } catch (error) {
      if (round !== this.#round) return;
      this.#listener.link(false);
      if (this.#feed.isAccess(error)) {
        this.#listener.refused();
        return;
      }
      this.#failures += 1;
    }
    this.#perhapsSocketAgain();
    this.#again();
  }

  #perhapsSocketAgain(): void {
    if (this.#pollingSince === null || Date.now() - this.#pollingSince < SOCKET_AGAIN_MS) return;
    this.#pollingSince = null;
    this.#failures = SOCKET_TRIES - 1; // One try; back to polling if it fails too.
  }
}

/** A frame that is for us; null for any other, which a newer gateway may send. */
function read(data: unknown): Frame | null {
  try {
    const frame = JSON.parse(String(data)) as Partial<Frame> | null;
    if (frame?.type === "message" && Number.isInteger(frame.message?.seq)) return frame as Frame;
    if (frame?.type === "typing") return frame as Frame;
    return frame?.type === "state" && typeof frame.holder === "string" ? (frame as Frame) : null;
  } catch {
    return null;
  }
}
