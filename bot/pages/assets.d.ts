/** What the build lets a module import beside TypeScript: a stylesheet, as minified text. */
declare module "*.css" {
  const text: string;
  export default text;
}

/** Set by the build: a short hash of the widget, so that a page never mixes two versions of it. */
declare const WIDGET_VERSION: string;
