/** Lets htmx read an answer into a document of its own, and nobody write markup into a page.

  The pages' policy (Content-Security-Policy: require-trusted-types-for) refuses every text where
  markup is expected. What htmx reads becomes a document of its own first, which runs no script. */

const READING = new Set(["Document parseHTMLUnsafe", "DOMParser parseFromString"]);

window.trustedTypes?.createPolicy("default", {
  // The browser also names where the text goes to, which the type does not say yet.
  createHTML: (text: string, ...[, sink]: readonly string[]) => READING.has(sink ?? "") ? text : null,
} as TrustedTypePolicyOptions);
