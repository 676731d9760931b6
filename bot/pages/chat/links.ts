/** Finds web addresses in plain text, so that a page can show them as links and nothing else. */

export type Piece = { readonly text: string; readonly href: string | null };

const ADDRESS = /\bhttps?:\/\/[^\s<>"']+/giu;
const CLOSING = /[.,;:!?)\]}]+$/u;

/** `text` in pieces, in order; joined they are `text` again, except that links are spelt as read. */
export function pieces(text: string): readonly Piece[] {
  const found: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const written = match[0].replace(CLOSING, "");
    const href = safeLink(written);
    if (href === null) continue;
    if (match.index > from) found.push({ text: text.slice(from, match.index), href: null });
    found.push({ text: spelling(written, href), href });
    from = match.index + written.length;
  }
  if (from < text.length) found.push({ text: text.slice(from), href: null });
  return found;
}

/** The address to follow, resolved against `base`; null unless it is plain http or https. */
export function safeLink(address: string, base?: string): string | null {
  try {
    const url = new URL(address, base);
    const isWeb = url.protocol === "https:" || url.protocol === "http:";
    return isWeb && !url.username && !url.password ? url.href : null;
  } catch {
    return null;
  }
}

/** Letters of other alphabets can imitate a known host: show what the browser will really ask for. */
function spelling(written: string, href: string): string {
  return /^[\x21-\x7e]+$/.test(written) ? written : href;
}
