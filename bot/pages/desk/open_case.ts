/** The conversation on the screen: its messages and notes, what is being written, what may be offered. */

import { GatewayError } from "../chat/gateway.ts";
import type { KeyValues } from "../chat/memory.ts";
import type { Message } from "../chat/message.ts";
import { Outbox, type Outgoing } from "../chat/outbox.ts";
import { Posting } from "../chat/posting.ts";
import { Timers } from "../chat/timers.ts";
import { Transcript } from "../chat/transcript.ts";
import { DeskError, type DeskGateway } from "./desk_gateway.ts";
import type { Followed } from "./feed.ts";
import type { Asking, Breach, Canned, Detail, Note, Offers } from "./shapes.ts";

export type Writing = "reply" | "note";

export interface Around {
  readonly gateway: DeskGateway;
  readonly keep: KeyValues;
  newId(): string;
  changed(): void;
  /** Something came that was not known: whatever is shown beside it may have changed too. */
  told(message: Message): void;
  failed(error: unknown): void;
}

const NOTHING_ADDED: Asking = { reason: null, about: null, customerAsked: false };
/** Several changes that come together are read together. */
const LOOK_AGAIN_MS = 400;

export class OpenCase {
  readonly conversation: string;
  readonly transcript = new Transcript();
  writing: Writing = "reply";
  detail: Detail | null = null;
  offers: Offers | null = null;
  /** What the agent said about the case, for what may be offered. */
  asking: Asking = NOTHING_ADDED;
  canned: readonly Canned[] = [];
  /** What the guard says of the last reply, until it is changed. */
  heldBack: readonly Breach[] = [];
  /** Why this conversation cannot be shown, in a sentence. */
  problem: string | null = null;
  readonly #around: Around;
  readonly #outbox: Outbox;
  readonly #posting: Posting;
  readonly #timers = new Timers();
  #notes: readonly Note[] = [];
  #asked = false;

  constructor(conversation: string, around: Around) {
    this.conversation = conversation;
    this.#around = around;
    this.#outbox = new Outbox(around.keep, `save-desk:staff:outbox:${conversation}`);
    this.#posting = new Posting({
      outbox: () => this.#outbox,
      isOpen: () => true,
      post: (item) => this.#post(item),
      changed: () => around.changed(),
      refused: () => around.failed(new DeskError(401, "sign_in_needed", "Sign in again to go on.", null, [])),
      random: Math.random,
    });
  }

  get followed(): Followed {
    const after_note = this.#notes.at(-1)?.number ?? 0;
    return { conversation: this.conversation, after: this.transcript.cursor, after_note };
  }

  get notes(): readonly Note[] {
    return this.#notes;
  }

  get pending(): readonly Outgoing[] {
    return this.#outbox.items;
  }

  /** What is written and not sent: kept through a reload, apart for replies and notes. */
  get draft(): string {
    return this.#around.keep.getItem(this.#draftKey()) ?? "";
  }

  set draft(text: string) {
    if (text) this.#around.keep.setItem(this.#draftKey(), text);
    else this.#around.keep.removeItem(this.#draftKey());
    if (this.writing === "reply") this.heldBack = [];
  }

  async load(): Promise<void> {
    try {
      const detail = await this.#around.gateway.detail(this.conversation);
      this.detail = detail;
      detail.messages.forEach((message) => this.transcript.follow(message));
      this.transcript.caughtUp(detail.last_seq);
      this.#notes = detail.notes;
      this.problem = null;
      if (!this.#asked) void this.#posting.flush();
      this.#asked = true;
      await this.#loadBeside();
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
    }
    this.#around.changed();
  }

  /** Read everything again soon: who holds it, what was carried out, what may be offered now. */
  lookAgain(): void {
    this.#timers.set("look again", LOOK_AGAIN_MS, () => this.load());
  }

  hear(message: Message): void {
    if (this.transcript.follow(message)) this.#around.told(message);
  }

  hearNote(note: Note): void {
    const others = this.#notes.filter(({ number }) => number !== note.number);
    this.#notes = [...others, note].sort((a, b) => a.number - b.number);
  }

  /** Send what is written, as a reply or as a note. */
  async send(): Promise<void> {
    const text = this.draft.trim();
    if (!text) return;
    if (this.writing === "reply") {
      this.draft = "";
      this.#outbox.add(this.#around.newId(), { text }, text);
      this.#around.changed();
      await this.#posting.flush();
      this.#bringBack();
      return;
    }
    const { note } = await this.#around.gateway.note(this.conversation, this.#around.newId(), text);
    this.draft = "";
    this.hearNote(note);
    this.#around.changed();
  }

  async ask(asking: Asking): Promise<void> {
    this.asking = asking;
    this.#around.changed();
    this.offers = await this.#around.gateway.offers(this.conversation, asking);
    this.#around.changed();
  }

  async offer(policy: string): Promise<void> {
    const id = this.#around.newId();
    const { message } = await this.#around.gateway.offer(this.conversation, id, policy, this.asking);
    this.asking = NOTHING_ADDED;
    this.transcript.takeOwn(message);
    this.lookAgain();
  }

  retry(): void {
    this.#posting.hurry();
  }

  /** Take back what was refused: its words go where they can be rewritten. */
  rewrite(item: Outgoing): void {
    this.writing = "reply";
    this.#outbox.remove(item.client_message_id);
    const breaches = this.heldBack;
    this.draft = item.shown;
    this.heldBack = breaches;
    this.#around.changed();
  }

  stop(): void {
    this.#posting.stop();
    this.#timers.clearAll();
  }

  async #loadBeside(): Promise<void> {
    const { gateway } = this.#around;
    const beside = await Promise.allSettled([gateway.offers(this.conversation, this.asking), gateway.canned(this.conversation)]);
    this.offers = beside[0].status === "fulfilled" ? beside[0].value : null;
    this.canned = beside[1].status === "fulfilled" ? beside[1].value.replies : [];
  }

  async #post(item: Outgoing): Promise<void> {
    const text = "text" in item.saying ? item.saying.text : item.shown;
    try {
      const { message } = await this.#around.gateway.say(this.conversation, item.client_message_id, text);
      this.transcript.takeOwn(message);
    } catch (error) {
      if (error instanceof DeskError && error.breaches.length > 0) this.heldBack = error.breaches;
      else if (error instanceof GatewayError && error.isFinal) this.#around.failed(error);
      throw error;
    }
  }

  /** Words that were held back stand where they are rewritten, unless others are written already. */
  #bringBack(): void {
    const refused = this.#outbox.items.filter(({ state }) => state === "refused").at(-1);
    if (this.heldBack.length > 0 && refused && this.draft === "") this.rewrite(refused);
  }

  #draftKey(): string {
    return `save-desk:staff:draft:${this.writing}:${this.conversation}`;
  }
}
