/** The one polite voice of the widget for screen readers. */

const SETTLE_MS = 150;

/**
 * A live region in the page itself, slotted into the widget.
 *
 * Some screen readers never hear a live region inside a shadow root, and several regions
 * talk over each other: hence one, outside, mounted before anything is said.
 */
export class Announcer {
  readonly #region: HTMLElement;
  #waiting: string[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: HTMLElement) {
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
      this.#region.textContent = this.#waiting.join(" ");
      this.#waiting = [];
    }, SETTLE_MS);
  }
}
