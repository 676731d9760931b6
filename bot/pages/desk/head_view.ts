/** The bar at the top: whether one takes conversations, search, commands, the way out. */

import { html, nothing, type TemplateResult } from "lit";
import type { DeskPage } from "./page.ts";
import type { Status } from "./shapes.ts";

export function headView(page: DeskPage): TemplateResult {
  const { desk } = page;
  const me = desk.state?.me;
  const search = (event: Event): void => {
    event.preventDefault();
    page.search(new FormData(event.target as HTMLFormElement).get("q") as string);
  };
  return html`<header class="bar">
    <h1 class="bar__title"><img src="/assets/leaf.svg" alt="" width="28" height="28"> Agent desk</h1>
    ${me && desk.canTake ? html`<label class="bar__status"><span class="unseen">You are</span>
      <select id="status" .value=${me.status} @change=${(event: Event) => choose(event.target as HTMLSelectElement, page)}>
        <option value="here" ?selected=${me.status === "here"}>Here</option>
        <option value="away" ?selected=${me.status === "away"}>Away for a moment</option>
        <option value="off" ?selected=${me.status === "off"}>Done for today</option>
      </select></label>
      <span class="bar__load">${me.holding} of ${me.capacity}</span>
      <button type="button" class="button button--main" data-act="next" @click=${() => page.desk.next()}>Take next</button>` : nothing}
    <form class="bar__search" role="search" @submit=${search}>
      <label class="unseen" for="search">Search in conversations</label>
      <input id="search" name="q" type="search" minlength="2" maxlength="100" placeholder="Search" .value=${page.searchWords}>
    </form>
    <span class="bar__end">
      <span class="bar__link ${desk.isLinked ? "" : "bar__link--down"}" role="status">${desk.isLinked ? "Live" : "Connecting…"}</span>
      <button type="button" class="chip" aria-pressed=${String(desk.attention.hasSound)}
        @click=${() => desk.attention.setSound(!desk.attention.hasSound)}>Sound</button>
      <button type="button" class="chip" data-act="commands" aria-keyshortcuts="Control+K" @click=${() => page.ask("commands")}>Commands</button>
      <a class="bar__me" href="/account">${desk.me?.name ?? "Account"}</a>
    </span>
  </header>`;
}

/** "Done for today" gives conversations back: asked first where there are any. */
function choose(select: HTMLSelectElement, page: DeskPage): void {
  const me = page.desk.state?.me;
  const status = select.value as Status;
  if (status === "off" && (me?.holding ?? 0) > 0) {
    select.value = me?.status ?? "here";
    page.ask("off");
  } else {
    void page.desk.setStatus(status);
  }
}
