/** The one polite voice of the widget for screen readers. */

const SETTLE_MS = 150;
/** Heard by then; whoever reads through the page later must not take it for news. */
const STALE_MS = 10_000;

/**
 * A live region in the page itself, slotted into the widget.
 *
 * Some screen readers never hear a live region inside a shadow root, and several regions
 * talk over each other: hence one, outside, mounted before anything is said.
 */
export class Announcer {
  readonly #region: HTMLElement;
  readonly #together: (texts: readonly string[]) => string;
  #waiting: string[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `together` makes one saying of several that came in the same moment. */
  constructor(host: HTMLElement, together: (texts: readonly string[]) => string) {
    this.#together = together;
    this.#region = host.querySelector(":scope > [slot=announcer]") ?? host.ownerDocument.createElement("div");
    this.#region.slot = "announcer";
    this.#region.setAttribute("role", "status");
    this.#region.setAttribute("aria-live", "polite");
    host.append(this.#region);
  }

  /** Say `text` soon; what comes in the same moment is said together. */
  say(text: string): void {
    this.#waiting.push(text);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#region.textContent = this.#together(this.#waiting);
      this.#waiting = [];
      this.#timer = setTimeout(() => this.#region.replaceChildren(), STALE_MS);
    }, SETTLE_MS);
  }
}
