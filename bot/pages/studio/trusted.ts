/** Lets htmx read an answer into a document of its own, and nobody write markup into a page.

  The pages' policy (Content-Security-Policy: require-trusted-types-for) refuses every text where
  markup is expected. htmx makes its pieces with DOMParser, whose documents run no script. */

const READING = "DOMParser parseFromString";

window.trustedTypes?.createPolicy("default", {
  // The browser also names where the text goes to, which the type does not say yet.
  createHTML: (text: string, ...[, sink]: readonly unknown[]) => sink === READING ? text : null,
} as TrustedTypePolicyOptions);
