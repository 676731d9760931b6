/** The agent's desk: what is known of all cases, the one that is open, and what the agent does. */

import type { Socket } from "../chat/live.ts";
import type { KeyValues } from "../chat/memory.ts";
import { Attention } from "./attention.ts";
import { DeskError, DeskGateway, type Me } from "./desk_gateway.ts";
import { DeskFeed } from "./feed.ts";
import { OpenCase } from "./open_case.ts";
import { Presence } from "./presence.ts";
import type { Asking, Case, Destination, Found, Frame, Myself } from "./shapes.ts";
import { applied, calling, type DeskState, listsOf } from "./state.ts";

export interface World {
  fetch: typeof fetch;
  openSocket(url: string): Socket;
  readonly liveUrl: string;
  /** For what is written about customers: gone with the window. */
  readonly keep: KeyValues;
  /** For the agent's own habits. */
  readonly preferences: KeyValues;
  newId(): string;
}

/** A sentence for the agent: what happened, or what went wrong. */
export interface Notice {
  readonly text: string;
  readonly isProblem: boolean;
}

export class Desk {
  readonly attention: Attention;
  me: Me | null = null;
  state: DeskState | null = null;
  open: OpenCase | null = null;
  found: readonly Found[] | null = null;
  notice: Notice | null = null;
  isLinked = false;
  /** An offer is on its way to the customer. */
  isOffering = false;
  /** Why nothing works any more, until the page is loaded anew. */
  ended: string | null = null;
  readonly #world: World;
  readonly #gateway: DeskGateway;
  readonly #feed: DeskFeed;
  readonly #presence: Presence;
  readonly #changed: () => void;
  #isGreeted = false;

  constructor(world: World, changed: () => void) {
    this.#world = world;
    this.#changed = changed;
    this.#gateway = new DeskGateway(world.fetch);
    this.attention = new Attention(world.preferences, changed);
    this.#presence = new Presence((beat) => this.#gateway.beat(beat), (me) => { this.#greet(me); this.#take({ type: "me", me }); });
    this.#feed = new DeskFeed(
      world.liveUrl,
      (url) => world.openSocket(url),
      () => (this.open?.detail ? [this.open.followed] : []),
      {
        frame: (frame) => this.#take(frame),
        link: (up) => { this.isLinked = up; this.#changed(); },
        refused: (code) => this.#end(code),
      },
    );
  }

  async start(): Promise<void> {
    await this.#tried(async () => { this.me = await this.#gateway.me(); });
    if (this.me === null) return;
    this.#feed.start();
    this.#presence.start();
  }

  /**
   * Who went home stays gone until they say otherwise; in the morning that is easily overlooked.
   *
   * Only the answer to a beat tells: before their first one, somebody new is not here either.
   */
  #greet({ status, capacity }: Myself): void {
    if (this.#isGreeted) return;
    this.#isGreeted = true;
    if (status === "off" && capacity > 0) this.say("You are set to \u201cDone for today\u201d: nobody calls you. Choose \u201cHere\u201d to take conversations.");
  }

  /** The network is said to be back, or the laptop woke up. */
  wake(): void {
    if (this.ended !== null) return;
    this.#feed.start();
    this.open?.retry();
    this.#presence.now();
  }

  async choose(conversation: string | null): Promise<void> {
    if (this.open?.conversation === conversation) return;
    this.open?.stop();
    this.open = conversation === null ? null : new OpenCase(conversation, {
      gateway: this.#gateway,
      keep: this.#world.keep,
      newId: () => this.#world.newId(),
      changed: () => this.#changed(),
      told: (message) => { if (message.from !== "agent") this.open?.lookAgain(); },
      failed: (error) => this.#fail(error),
    });
    this.#presence.viewing(conversation);
    this.#changed();
    await this.open?.load();
    this.#feed.follow();
    await this.markRead();
  }

  /** The open case as the list has it; closed ones are known from their details alone. */
  get openCase(): Case | null {
    const { open, state } = this;
    return state?.cases.find(({ conversation }) => conversation === open?.conversation) ?? open?.detail?.case ?? null;
  }

  get isMine(): boolean {
    return this.openCase?.holder === "agent" && this.openCase.agent?.id === this.state?.me.id;
  }

  /** Whoever looks after the desk passes on what others hold, and answers no customers. */
  get canPassOn(): boolean {
    return this.isMine || (this.openCase?.holder === "agent" && this.state?.me.leads === true);
  }

  get canTake(): boolean {
    return this.me?.permissions.includes("take_conversation") ?? false;
  }

  async markRead(): Promise<void> {
    const { open } = this;
    if (open === null || !(this.openCase?.unread ?? 0)) return;
    await this.#gateway.read(open.conversation, open.transcript.lastSeq).catch(() => undefined);
  }

  write(text: string): void {
    if (this.open === null) return;
    this.open.draft = text;
    this.#presence.replying(text !== "" && this.open.writing === "reply");
  }

  send(): Promise<void> {
    this.#presence.replying(false);
    return this.#tried(async () => this.open?.send());
  }

  next(): Promise<void> {
    return this.#tried(async () => {
      const { case: given } = await this.#gateway.next();
      if (given === null) this.say("Nobody is waiting for you right now.");
      else await this.#claimed(given);
    });
  }

  claim(conversation: string): Promise<void> {
    return this.#tried(async () => this.#claimed((await this.#gateway.claim(conversation)).case));
  }

  transfer(to: Destination, note: string): Promise<void> {
    return this.#left(() => this.#gateway.transfer(this.open!.conversation, to, note), "Passed on.");
  }

  handBack(note: string): Promise<void> {
    return this.#left(() => this.#gateway.handBack(this.open!.conversation, note), "The assistant goes on from here.");
  }

  close(outcome: string, survey: boolean): Promise<void> {
    return this.#left(() => this.#gateway.close(this.open!.conversation, outcome, survey), "Closed.");
  }

  askOffers(asking: Asking): Promise<void> {
    return this.#tried(async () => this.open?.ask(asking));
  }

  /** One press makes it, and the second of a double press makes no other. */
  async offer(policy: string): Promise<void> {
    if (this.isOffering) return;
    this.isOffering = true;
    this.#changed();
    await this.#tried(async () => {
      await this.open?.offer(policy);
      this.say("The customer sees the offer now, with the way to cancel beside it.");
    });
    this.isOffering = false;
    this.#changed();
  }

  setStatus(status: "here" | "away" | "off"): Promise<void> {
    return this.#tried(async () => {
      await this.#presence.set(status);
      if (status === "here") this.dismiss();
    });
  }

  search(words: string): Promise<void> {
    return this.#tried(async () => {
      this.found = words ? (await this.#gateway.search(words)).found : null;
      this.#changed();
    });
  }

  say(text: string): void {
    this.notice = { text, isProblem: false };
    this.#changed();
  }

  dismiss(): void {
    this.notice = null;
    this.#changed();
  }

  #take(frame: Frame): void {
    if (frame.type === "message") this.#openIf(frame.conversation)?.hear(frame.message);
    if (frame.type === "note") this.#openIf(frame.conversation)?.hearNote(frame.note);
    if (frame.type === "case" && this.openCase?.version !== frame.case.version) this.#openIf(frame.case.conversation)?.lookAgain();
    if (frame.type === "case_gone") this.#openIf(frame.conversation)?.lookAgain();
    const wasMine = this.isMine;
    this.state = applied(this.state, frame);
    // Whoever loses a conversation can only leave a note, and a half-written reply must not become one.
    if (this.open !== null && this.isMine !== wasMine) this.open.writing = this.isMine ? "reply" : "note";
    if (this.state !== null) {
      this.#presence.every(this.state.settings.beat_seconds);
      this.attention.see(calling(this.state, Date.now()), listsOf(this.state).mine);
    }
    this.#changed();
    if (frame.type === "message" && document.visibilityState === "visible") void this.markRead();
  }

  #openIf(conversation: string): OpenCase | null {
    return this.open?.conversation === conversation ? this.open : null;
  }

  async #claimed(given: Case): Promise<void> {
    this.#take({ type: "case", case: given });
    await this.choose(given.conversation);
    this.open?.lookAgain();
  }

  #left(act: () => Promise<{ readonly case: Case }>, said: string): Promise<void> {
    return this.#tried(async () => {
      const { case: left } = await act();
      const isListed = left.holder !== "assistant" && left.holder !== "closed";
      this.#take(isListed ? { type: "case", case: left } : { type: "case_gone", conversation: left.conversation });
      this.open?.lookAgain();
      this.say(said);
    });
  }

  async #tried(act: () => Promise<unknown>): Promise<void> {
    try {
      await act();
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    if (error instanceof DeskError && error.code === "sign_in_needed") {
      this.#end(4401);
      return;
    }
    const offline = "That did not get through. Check the connection, then try again.";
    this.notice = { text: error instanceof DeskError ? error.message : offline, isProblem: true };
    this.#changed();
  }

  #end(code: number): void {
    this.#feed.stop();
    this.#presence.stop();
    this.isLinked = false;
    this.ended = code === 4403
      ? "You have no right to answer customers any more. Ask an administrator."
      : "Your session has ended. What you wrote is kept in this window.";
    this.#changed();
  }
}
