/** Starts the agents' page. */

import { DeskPage } from "./page.ts";

customElements.define("save-desk-agents", DeskPage);
