/** `<save-desk>`: the launcher and the panel on a customer's page. */

import { LitElement, type PropertyValues, unsafeCSS } from "lit";
import { Conversation } from "../chat/conversation.ts";
import { type Button, CANCEL, LONGEST_TEXT, lengthOf, type Message, PERSON } from "../chat/message.ts";
import { Announcer } from "./announcer.ts";
import { Hearing } from "./hearing.ts";
import { keepWithin, ScrollLock } from "./focus.ts";
import { identityFrom } from "./identity.ts";
import { LogScroll } from "./log_scroll.ts";
import { launcherView, type Panel, panelView, type Question, titleOf } from "./panel_view.ts";
import { saveFile } from "./save_file.ts";
import composerStyle from "./styles/composer.css";
import forcedStyle from "./styles/forced.css";
import launcherStyle from "./styles/launcher.css";
import messageStyle from "./styles/message.css";
import panelStyle from "./styles/panel.css";
import tokenStyle from "./styles/tokens.css";
import { StaysOpen } from "./stays_open.ts";
import { contentOf, type Format, nameOf, typeOf } from "./transcript_file.ts";
import { Words } from "./words.ts";
import { browserWorld, tabStorage } from "./world.ts";

const FULL_SCREEN = "(max-width: 480px), (max-height: 420px)";
/** When one of these changes, it is another customer, or another gateway. */
const WHO = ["base", "identity", "identityUrl", "identitySource"] as const;
const DOUBLE_CLICK_MS = 700;
/** Nobody reads a button and presses it faster than this. */
const UNSEEN_MS = 250;
const ASLEEP_MS = 30_000;

export class SaveDesk extends LitElement {
  static override styles = [tokenStyle, launcherStyle, panelStyle, messageStyle, composerStyle, forcedStyle].map(unsafeCSS);

  static override properties = {
    base: {}, identity: {}, identityUrl: { attribute: "identity-url" },
    identitySource: { attribute: false }, company: {}, lang: {}, dir: { reflect: true },
    theme: { reflect: true }, isOpen: { attribute: "open", type: Boolean, reflect: true },
    draft: { state: true }, asks: { state: true }, fullScreen: { state: true }, behind: { state: true },
  };

  /** The gateway's address; where this script came from unless said otherwise. */
  declare base: string;
  /** The JWT the website signed for its customer. */
  declare identity: string | null;
  /** Or where the page can fetch one. */
  declare identityUrl: string | null;
  /** Or a function that gets one, for a website that has its own way. */
  declare identitySource: (() => Promise<string | null>) | null;
  /** The company's name, for the title. */
  declare company: string | null;
  declare theme: "light" | "dark" | null;
  declare isOpen: boolean;
  declare draft: string;
  declare asks: Question | null;
  declare fullScreen: boolean;
  /** The customer reads further up while something new stands below. */
  declare behind: boolean;

  #conversation: Conversation | null = null;
  #announcer: Announcer | null = null;
  readonly #hearing = new Hearing();
  /** The page may change its language while it is shown. */
  readonly #pageLanguage = new MutationObserver(() => this.requestUpdate());
  #scrollLock = new ScrollLock();
  #staysOpen: StaysOpen | null = null;
  #screen = matchMedia(FULL_SCREEN);
  #hiddenAt: number | null = null;
  #scroll = new LogScroll(() => this.renderRoot.querySelector<HTMLElement>(".log"));
  #focusLater: string | null = null;
  #pressed = { id: "", at: 0 };
  /** Since when which quick replies are on screen. */
  #replies = { seq: 0, at: 0 };

  constructor() {
    super();
    this.base = new URL("..", import.meta.url).href.replace(/\/$/, "");
    this.identity = this.identityUrl = this.identitySource = this.company = this.theme = null;
    this.isOpen = this.behind = false;
    this.asks = null;
    this.draft = "";
    this.fullScreen = this.#screen.matches;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#announcer ??= new Announcer(this, (texts) => this.#hearing.together(texts, this.#words()));
    this.#pageLanguage.observe(document.documentElement, { attributeFilter: ["lang"] });
    this.#screen.addEventListener("change", this.#onScreen);
    document.addEventListener("visibilitychange", this.#onVisible);
    window.addEventListener("online", this.#onOnline);
    window.visualViewport?.addEventListener("resize", this.#onKeyboard);
    if (this.hasUpdated) this.#begin();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#pageLanguage.disconnect();
    this.#screen.removeEventListener("change", this.#onScreen);
    document.removeEventListener("visibilitychange", this.#onVisible);
    window.removeEventListener("online", this.#onOnline);
    window.visualViewport?.removeEventListener("resize", this.#onKeyboard);
    this.#scrollLock.set(false);
    this.#conversation?.stop();
    this.#conversation = null;
  }

  /** Show the panel; the first time, this begins the conversation. */
  open(): void {
    this.isOpen = true;
    this.#focusLater = this.fullScreen ? ".panel" : "textarea";
    this.dispatchEvent(new CustomEvent("save-desk-open"));
  }

  close(): void {
    this.isOpen = false;
    this.#focusLater = ".launcher";
    this.dispatchEvent(new CustomEvent("save-desk-close"));
  }

  toggle(): void {
    if (this.isOpen) this.close();
    else this.open();
  }

  /** The customer signed in, or out (null): go on as them. */
  identify(identity: string | null): void {
    if (identity === null) this.#conversation?.signOut();
    this.identity = identity;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (WHO.some((name) => changed.has(name))) this.#begin();
    if (changed.get("isOpen") === true && !this.isOpen) this.#staysOpen?.closed();
    if (!this.isOpen && this.#staysOpen?.mayOpen(this.#conversation?.expected ?? null)) this.#openAgain();
    if (this.isOpen) void this.#conversation?.open();
    if (this.isOpen && this.#isWatched()) this.#conversation?.markRead();
  }

  protected override render(): unknown {
    const panel = this.#panel();
    return panel === null ? null : this.isOpen ? panelView(panel) : launcherView(panel);
  }

  protected override updated(): void {
    if (this.isOpen) this.#staysOpen?.opened(this.#conversation?.id ?? null);
    this.#scrollLock.set(this.isOpen && this.fullScreen);
    this.toggleAttribute("data-settled", this.#conversation?.settled ?? false);
    this.#grow();
    this.#scroll.follow(this.#conversation?.messages ?? [], this.behind);
    this.behind = this.#scroll.isBehind;
    const seq = this.#conversation?.openButtons?.seq ?? 0;
    if (seq !== this.#replies.seq) this.#replies = { seq, at: performance.now() };
    if (this.#focusLater !== null) this.renderRoot.querySelector<HTMLElement>(this.#focusLater)?.focus();
    this.#focusLater = null;
    if (this.isOpen && this.#conversation !== null) {
      for (const text of this.#hearing.troubles(this.#conversation, this.#words())) this.#announcer?.say(text);
    }
  }

  #begin(): void {
    this.#conversation?.stop();
    this.#scroll.reset();
    const base = this.base.replace(/\/+$/, "");
    this.#staysOpen ??= new StaysOpen(tabStorage(), base);
    this.#conversation = new Conversation(browserWorld(), {
      base,
      identity: () => (this.identitySource ?? (() => identityFrom(this.identity, this.identityUrl)))(),
      onChange: () => this.requestUpdate(),
      onMessage: (message) => this.#announce(message),
    });
    void (this.isOpen ? this.#conversation.open() : this.#conversation.resume());
  }

  /** Where the page comes again. Only what covers all of it takes the keyboard: the page is read else. */
  #openAgain(): void {
    this.isOpen = true;
    if (this.fullScreen) this.#focusLater = ".panel";
    this.dispatchEvent(new CustomEvent("save-desk-open"));
  }

  #panel(): Panel | null {
    if (this.#conversation === null) return null;
    return {
      conversation: this.#conversation,
      words: this.#words(),
      company: this.company,
      base: this.base,
      draft: this.draft,
      asks: this.asks,
      fullScreen: this.fullScreen,
      behind: this.behind,
      open: () => this.open(),
      close: () => this.close(),
      press: (button: Button, click: MouseEvent) => this.#press(button, click),
      retry: () => this.#conversation?.retry(),
      discard: (id: string) => this.#conversation?.discard(id),
      write: (text: string) => { this.draft = text; },
      send: () => this.#send(),
      key: (event: KeyboardEvent) => this.#key(event),
      ask: (question: Question | null) => this.#ask(question),
      startOver: () => this.#startOver(),
      save: (format: Format) => this.#save(format),
      scrolled: () => { this.behind = this.#scroll.isBehind; },
      toEnd: () => this.#toEnd(),
    };
  }

  #words(): Words {
    const around = this.parentElement?.closest<HTMLElement>("[lang]")?.lang ?? document.documentElement.lang;
    return new Words([this.lang, around, ...navigator.languages].filter(Boolean), this.dir);
  }

  #press(button: Button, click: MouseEvent): void {
    if (this.#isMeantForAnother(button, click)) return;
    this.#pressed = { id: button.id, at: performance.now() };
    this.#conversation?.press(button.id, button.title);
    // The pressed reply goes away with its row: leave the keyboard somewhere sensible.
    this.#focusLater = this.fullScreen ? ".log" : "textarea";
    this.#toEnd();
  }

  /**
   * The second half of a double click means nothing new.
   *
   * Above all it must not hit what has just come up in the same place: "Accept" would consent.
   */
  #isMeantForAnother({ id }: Button, click: MouseEvent): boolean {
    const now = performance.now();
    const isControl = id === PERSON || id === CANCEL;
    if (click.detail > 1 && (!isControl || id === this.#pressed.id)) return true;
    if (id === this.#pressed.id && now - this.#pressed.at < DOUBLE_CLICK_MS) return true;
    return !isControl && now - this.#replies.at < UNSEEN_MS;
  }

  #send(): void {
    const text = this.draft.trim();
    if (!text || lengthOf(text) > LONGEST_TEXT) return;
    this.draft = "";
    this.#conversation?.say(text);
    this.#toEnd();
  }

  #ask(question: Question | null): void {
    this.#focusLater = question === null ? `#${this.asks}` : `#${question}-no`;
    this.asks = question;
  }

  #save(format: Format): void {
    const { messages, pending } = this.#conversation!;
    const words = this.#words();
    const saved = { title: titleOf(this.company, words), messages, pending, words, base: this.base, at: new Date() };
    const name = nameOf(saved, format);
    saveFile(name, typeOf(format), contentOf(saved, format));
    this.#announcer?.say(words.say("save.done", { name }));
    this.#ask(null);
  }

  #startOver(): void {
    this.asks = null;
    this.#scroll.reset();
    this.#focusLater = this.fullScreen ? ".panel" : "textarea";
    void this.#conversation?.startOver();
  }

  #key(event: KeyboardEvent): void {
    const { key } = event;
    const inText = this.renderRoot.querySelector("textarea") === (this.renderRoot as ShadowRoot).activeElement;
    if (key === "Escape" && !event.isComposing) {
      event.stopPropagation();
      if (this.asks !== null) this.#ask(null);
      else this.close();
    } else if (key === "Enter" && inText && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.#send();
    } else if (key === "F6") {
      event.preventDefault();
      this.renderRoot.querySelector<HTMLElement>(inText ? ".log" : "textarea")?.focus();
    } else if (key === "Tab" && this.fullScreen) {
      keepWithin(this.renderRoot.querySelector<HTMLElement>(".panel")!, event);
    }
  }

  #announce(message: Message): void {
    this.dispatchEvent(new CustomEvent("save-desk-message", { detail: { from: message.from, seq: message.seq } }));
    const words = this.#words();
    if (!this.isOpen) {
      this.#announcer?.say(words.count("unread", this.#conversation?.unread ?? 1));
      return;
    }
    this.#announcer?.say(this.#hearing.message(message, words));
  }

  #isWatched(): boolean {
    return document.visibilityState === "visible";
  }

  #toEnd(): void {
    this.#scroll.toEnd();
    this.behind = false;
  }

  /** The text box is as high as its text, up to what the stylesheet allows. */
  #grow(): void {
    const area = this.renderRoot.querySelector("textarea");
    if (!area) return;
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight + 2}px`;
  }

  #onScreen = (): void => {
    this.fullScreen = this.#screen.matches;
  };

  #onVisible = (): void => {
    if (!this.#isWatched()) {
      this.#hiddenAt = Date.now();
      return;
    }
    // A laptop that slept may hold a socket that is dead and does not know it.
    if (this.#hiddenAt !== null && Date.now() - this.#hiddenAt > ASLEEP_MS) this.#conversation?.retry();
    this.#hiddenAt = null;
    this.requestUpdate();
  };

  #onOnline = (): void => this.#conversation?.retry();

  /** A phone's keyboard covers the page without resizing it: the panel must end above it. */
  #onKeyboard = (): void => {
    const height = window.visualViewport?.height;
    if (height) this.style.setProperty("--_visible-height", `${Math.round(height)}px`);
  };
}
