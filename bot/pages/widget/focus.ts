/** Keeps the keyboard where it belongs while the panel fills a phone's screen. */

const REACHABLE = "a[href], button:not([disabled]), textarea, [tabindex='0']";

/** Turn Tab around at the two ends of `panel`. */
export function keepWithin(panel: HTMLElement, event: KeyboardEvent): void {
  const all = [...panel.querySelectorAll<HTMLElement>(REACHABLE)].filter((e) => e.getClientRects().length > 0);
  const [first, last] = [all.at(0), all.at(-1)];
  const here = (panel.getRootNode() as ShadowRoot).activeElement;
  const leaves = event.shiftKey ? here === first || here === panel : here === last;
  if (!leaves) return;
  event.preventDefault();
  (event.shiftKey ? last : first)?.focus();
}

/** The page behind a full screen must not scroll away under the finger. */
export class ScrollLock {
  #before: string | null = null;

  set(locked: boolean): void {
    const { style } = document.documentElement;
    if (locked && this.#before === null) {
      this.#before = style.overflow;
      style.overflow = "hidden";
    } else if (!locked && this.#before !== null) {
      style.overflow = this.#before;
      this.#before = null;
    }
  }
}
