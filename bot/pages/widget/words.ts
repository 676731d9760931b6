/** The widget's own words, by language; what the assistant says comes from the server. */

import german from "../words/de.json" with { type: "json" };
import english from "../words/en.json" with { type: "json" };
import spanish from "../words/es.json" with { type: "json" };

export type Catalogue = typeof english;
export type Key = keyof Catalogue;
type Values = Readonly<Record<string, string | number>>;

/** A further language is one more file in `words/` and one more line here. */
const CATALOGUES: readonly Catalogue[] = [english, german, spanish];

export class Words {
  readonly #catalogue: Catalogue;
  readonly #direction: string;

  /**
   * The best catalogue for the wanted languages, most wanted first; English if none fits.
   *
   * `direction` overrules the language's own.
   */
  constructor(wanted: readonly string[], direction?: string | null) {
    const fits = (language: string) => CATALOGUES.find((c) => language.toLowerCase().split("-")[0] === c.language);
    this.#catalogue = wanted.map(fits).find((c) => c !== undefined) ?? english;
    this.#direction = direction === "rtl" || direction === "ltr" ? direction : this.#catalogue.direction;
  }

  get language(): string { return this.#catalogue.language; }
  /** "ltr" or "rtl". */
  get direction(): string { return this.#direction; }

  /** The text under `key`, with `{names}` filled in from `values`. */
  say(key: Key, values: Values = {}): string {
    return this.#catalogue[key].replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
  }

  /** The text for a number of things: `stem.one`, `stem.other` and so on, as the language counts. */
  count(stem: string, count: number): string {
    const form = new Intl.PluralRules(this.language).select(count);
    const key = `${stem}.${form}` in this.#catalogue ? `${stem}.${form}` : `${stem}.other`;
    return this.say(key as Key, { count: new Intl.NumberFormat(this.language).format(count) });
  }

  /** Whether the catalogue has `key`, for keys built from what a server sent. */
  has(key: string): key is Key {
    return key in this.#catalogue;
  }
}
