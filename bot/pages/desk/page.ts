/** `<save-desk-agents>`: the page of the agents, from the keyboard to the desk and back. */

import { html, LitElement, nothing } from "lit";
import type { Socket } from "../chat/live.ts";
import { browserWorld } from "../widget/world.ts";
import { COMMANDS } from "./commands.ts";
import { contextView } from "./context_view.ts";
import { Desk } from "./desk.ts";
import { headView } from "./head_view.ts";
import { listView } from "./list_view.ts";
import type { Writing } from "./open_case.ts";
import { type Question, questionView } from "./question_view.ts";
import type { Canned } from "./shapes.ts";
import { talkView } from "./talk_view.ts";

export type Pane = "list" | "talk" | "about";

const KEYS = "save-desk:staff:keys";
const TICK_MS = 1_000;
const ASLEEP_MS = 30_000;
const PANES: readonly (readonly [Pane, string])[] = [["list", "Conversations"], ["talk", "Chat"], ["about", "Customer"]];

export class DeskPage extends LitElement {
  readonly desk: Desk;
  /** The page's clock, for everything that says how long. */
  now = Date.now();
  /** Which of the three is shown where there is room for one. */
  pane: Pane = "list";
  /** What is typed to find a command or a ready answer. */
  pickWords = "";
  searchWords = "";
  #question: Question | null = null;
  #ticking: ReturnType<typeof setInterval> | undefined;
  #atEnd = true;

  constructor() {
    super();
    const { fetch, openSocket, newId } = browserWorld();
    const liveUrl = new URL("/api/desk/live", location.href).href.replace(/^http/, "ws");
    const open = (url: string): Socket => openSocket(url);
    this.desk = new Desk({ fetch: fetch as typeof globalThis.fetch, openSocket: open, liveUrl, keep: sessionStorage, preferences: localStorage, newId }, () => this.requestUpdate());
  }

  /** Styled by the page's own stylesheet, and found by its own labels. */
  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("keydown", this.#onKey);
    document.addEventListener("visibilitychange", this.#onVisible);
    window.addEventListener("online", this.#onOnline);
    this.#ticking = setInterval(this.#tick, TICK_MS);
    void this.desk.start();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("keydown", this.#onKey);
    document.removeEventListener("visibilitychange", this.#onVisible);
    window.removeEventListener("online", this.#onOnline);
    clearInterval(this.#ticking);
  }

  get hasKeys(): boolean {
    return localStorage.getItem(KEYS) !== "off";
  }

  setKeys(on: boolean): void {
    localStorage.setItem(KEYS, on ? "on" : "off");
    this.requestUpdate();
  }

  protected override willUpdate(): void {
    const log = this.querySelector(".log");
    this.#atEnd = log === null || log.scrollHeight - log.scrollTop - log.clientHeight < 80;
  }

  protected override render(): unknown {
    const { desk } = this;
    return html`${headView(this)}<main>
      ${desk.ended ? html`<p class="problem problem--wide" role="alert">${desk.ended} <a href="/sign-in?next=/desk">Sign in</a></p>` : nothing}
      <p class="notice ${desk.notice?.isProblem ? "notice--problem" : ""}" role="status">${desk.notice
        ? html`${desk.notice.text} <button type="button" class="link" @click=${() => desk.dismiss()}>Got it</button>` : nothing}</p>
      <p class="unseen" aria-live="assertive">${desk.attention.announcement}</p>
      <nav class="panes" aria-label="Parts of the desk">${PANES.map(([pane, label]) => html`<button type="button" class="chip"
        aria-pressed=${String(this.pane === pane)} @click=${() => this.show(pane)}>${label}</button>`)}</nav>
      <div class="desk" data-pane=${this.pane}>
        <section class="pane pane--list" aria-label="Conversations">${listView(this)}</section>
        <section class="pane pane--talk" aria-label="Chat">${talkView(this)}</section>
        <section class="pane pane--about" tabindex="-1" aria-label="Customer">${contextView(this)}</section>
      </div>
      </main><dialog class="dialog" aria-label="Question" @close=${() => this.ask(null)}>${this.#question ? questionView(this.#question, this) : nothing}</dialog>`;
  }

  protected override updated(): void {
    const dialog = this.querySelector("dialog");
    if (this.#question && !dialog?.open) dialog?.showModal();
    if (!this.#question && dialog?.open) dialog.close();
    const log = this.querySelector(".log");
    if (log && this.#atEnd) log.scrollTop = log.scrollHeight;
  }

  ask(question: Question | null): void {
    this.#question = question;
    this.pickWords = "";
    this.requestUpdate();
    // One question may lead to the next, in which nothing has the keyboard yet.
    if (question) this.focusOn("dialog :is(input, select, textarea, button)");
  }

  askIfMine(question: Question): void {
    const { desk } = this;
    if (desk.isMine || (question === "transfer" && desk.canPassOn)) this.ask(question);
    else desk.say(desk.canTake ? "Take the conversation first." : "Only the agent who has it can do that.");
  }

  lookFor(words: string): void {
    this.pickWords = words;
    this.requestUpdate();
  }

  async choose(conversation: string): Promise<void> {
    this.#atEnd = true;
    this.show("talk");
    const before = document.activeElement;
    await this.desk.choose(conversation);
    this.requestUpdate();
    await this.updateComplete;
    // Who is quicker than the line writes already: their next key must not go astray.
    const now = document.activeElement;
    if (now === before || now === document.body) this.querySelector<HTMLElement>(".talk__title")?.focus();
  }

  claimOpen(): void {
    if (this.desk.open) void this.desk.claim(this.desk.open.conversation);
  }

  /** Go down (1) or up (-1) the list, as it is shown. */
  move(step: number): void {
    const rows = [...this.querySelectorAll<HTMLElement>(".row")];
    const at = rows.findIndex((row) => row.dataset.conversation === this.desk.open?.conversation);
    const next = rows[at === -1 ? 0 : Math.min(rows.length - 1, Math.max(0, at + step))];
    if (next?.dataset.conversation) void this.choose(next.dataset.conversation);
  }

  show(pane: Pane): void {
    this.pane = pane;
    this.requestUpdate();
    if (pane === "about") this.focusOn(".pane--about");
  }

  focusOn(selector: string): void {
    void this.updateComplete.then(() => this.querySelector<HTMLElement>(selector)?.focus());
  }

  writing(what: Writing): void {
    if (this.desk.open === null) return;
    this.desk.open.writing = what;
    this.show("talk");
    this.focusOn("#words");
  }

  write(text: string): void {
    const { open } = this.desk;
    // Who does not hold the conversation can only leave a note.
    if (open && !this.desk.isMine) open.writing = "note";
    this.desk.write(text);
    this.requestUpdate();
  }

  async send(): Promise<void> {
    this.#atEnd = true;
    await this.desk.send();
    this.focusOn("#words");
  }

  useCanned({ text }: Canned): void {
    if (!this.desk.open) return;
    this.writing("reply");
    const { draft } = this.desk.open;
    this.write(draft ? `${draft}\n${text}` : text);
  }

  keyInText(event: KeyboardEvent): void {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    void this.send();
  }

  search(words: string): void {
    this.searchWords = words;
    this.show("list");
    void this.desk.search(words.trim());
  }

  endSearch(): void {
    this.search("");
  }

  toggleAway(): void {
    void this.desk.setStatus(this.desk.state?.me.status === "here" ? "away" : "here");
  }

  #onKey = (event: KeyboardEvent): void => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      this.ask("commands");
      return;
    }
    const isWriting = (event.target as HTMLElement).closest("input, textarea, select, dialog") !== null;
    if (isWriting || event.ctrlKey || event.metaKey || event.altKey || !this.hasKeys) return;
    const command = COMMANDS.find(({ key }) => key === event.key);
    if (!command) return;
    event.preventDefault();
    command.run(this);
  };

  #hiddenAt: number | null = null;

  #onVisible = (): void => {
    if (document.visibilityState === "hidden") {
      this.#hiddenAt = Date.now();
      return;
    }
    // A laptop that slept may hold a socket that is dead and does not know it.
    if (this.#hiddenAt !== null && Date.now() - this.#hiddenAt > ASLEEP_MS) this.desk.wake();
    this.#hiddenAt = null;
    void this.desk.markRead();
  };

  #onOnline = (): void => this.desk.wake();

  #tick = (): void => {
    this.now = Date.now();
    this.requestUpdate();
  };
}
