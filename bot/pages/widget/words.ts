/** The widget's own words, by language; what the assistant says comes from the server. */

import english from "../words/en.json" with { type: "json" };

export type Catalogue = typeof english;
export type Key = keyof Catalogue;
type Values = Readonly<Record<string, string | number>>;

/** A further language is one more file in `words/` and one more line here. */
const CATALOGUES: readonly Catalogue[] = [english];

export class Words {
  readonly #catalogue: Catalogue;

  /** The best catalogue for the wanted languages, most wanted first; English if none fits. */
  constructor(wanted: readonly string[]) {
    const fits = (language: string) => CATALOGUES.find((c) => language.toLowerCase().split("-")[0] === c.language);
    this.#catalogue = wanted.map(fits).find((c) => c !== undefined) ?? english;
  }

  get language(): string { return this.#catalogue.language; }
  get direction(): string { return this.#catalogue.direction; }

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
