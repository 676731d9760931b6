/** Defines `<save-desk>`, once, however often the script is included. */

import { SaveDesk } from "./element.ts";

if (!customElements.get("save-desk")) customElements.define("save-desk", SaveDesk);
