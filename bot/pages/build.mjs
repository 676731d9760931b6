/** Builds the pages into the folder named as argument, laid out as it is served. */

import { createHash } from "node:crypto";
import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { build, transform } from "esbuild";

const here = import.meta.dirname;
const dist = resolve(process.argv[2] ?? join(here, "dist"));
const assets = join(dist, "assets");

const shared = {
  absWorkingDir: here,
  bundle: true,
  minify: true,
  target: ["es2022"],
  legalComments: "none",
  logLevel: "warning",
};

/** A stylesheet imported by a module becomes minified text, for the shadow root to adopt. */
const stylesAsText = {
  name: "styles-as-text",
  setup(builder) {
    builder.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, "utf8"), { loader: "css", minify: true });
      return { contents: code.trim(), loader: "text" };
    });
  },
};

/** htmx can make code out of attributes. Ours ask for none, and no built file may be able to. */
const htmxWithoutCode = {
  name: "htmx-without-code",
  setup(builder) {
    builder.onLoad({ filter: /htmx\.esm\.js$/ }, async ({ path }) => {
      const text = await readFile(path, "utf8");
      const contents = text.replace(/\beval\(|\b(?:new )?Function\(/g, "noCode(");
      return { contents: `${contents}\nfunction noCode() { throw new Error("no code from text"); }\n` };
    });
  },
};

async function module(entry, out) {
  await build({
    ...shared, entryPoints: [entry], outfile: join(dist, out), format: "esm",
    plugins: [stylesAsText, htmxWithoutCode],
  });
  return createHash("sha256").update(await readFile(join(dist, out))).digest("hex").slice(0, 10);
}

async function pages() {
  await rm(dist, { recursive: true, force: true });
  await mkdir(assets, { recursive: true });

  const version = await module("widget/main.ts", "assets/save-desk.js");
  await build({
    ...shared, entryPoints: ["widget/loader.ts"], outfile: join(dist, "widget.js"), format: "iife",
    define: { WIDGET_VERSION: JSON.stringify(version) },
  });
  await module("shop/shop.ts", "assets/shop.js");
  await module("desk/main.ts", "assets/desk.js");
  await module("studio/main.ts", "assets/studio.js");
  await build({
    ...shared, entryPoints: ["shop/shop.css", "soon/soon.css", "staff/staff.css", "desk/desk.css", "studio/studio.css", "receipt/receipt.css"], outdir: assets,
    entryNames: "[name]", assetNames: "[name]", loader: { ".woff2": "file" },
  });

  await cp(join(here, "shop/index.html"), join(dist, "index.html"));
  await cp(join(here, "desk/index.html"), join(dist, "desk.html"));
  for (const page of (await readdir(join(here, "soon"))).filter((name) => name.endsWith(".html"))) {
    await cp(join(here, "soon", page), join(dist, basename(page)));
  }
  for (const image of (await readdir(join(here, "shop"))).filter((name) => name.endsWith(".svg"))) {
    await cp(join(here, "shop", image), join(assets, image));
  }
  await writeFile(join(dist, "version.txt"), `${version}\n`);
}

try {
  await pages();
} catch (error) {
  if (!error.errors) console.error(error); // esbuild has said already where it failed
  process.exitCode = 1;
}
