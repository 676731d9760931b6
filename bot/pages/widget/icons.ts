/** Line drawings of the widget, ours; each is decoration beside words or a label. */

import { html } from "lit";

export const speech = html`<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M4.5 17.2V7a2.5 2.5 0 0 1 2.5-2.5h10A2.5 2.5 0 0 1 19.5 7v6.5A2.5 2.5 0 0 1 17 16H9.2l-3.3 2.7a.9.9 0 0 1-1.4-.7z"/><path d="M8.5 8.8h7M8.5 11.9h4.6"/></svg>`;

export const person = html`<svg viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="8.2" r="3.7"/><path d="M4.8 19.5c.9-3.7 3.7-5.6 7.2-5.6s6.3 1.9 7.2 5.6"/></svg>`;

export const leave = html`<svg class="turns" viewBox="0 0 24 24" aria-hidden="true"><path d="M13.5 4.5H7A1.5 1.5 0 0 0 5.5 6v12A1.5 1.5 0 0 0 7 19.5h6.5"/><path d="M10.5 12h9M16 8.3l3.7 3.7-3.7 3.7"/></svg>`;

export const down = html`<svg viewBox="0 0 24 24" aria-hidden="true"><path d="m6 9.5 6 6 6-6"/></svg>`;

export const keep = html`<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M12 4.2v10.6M7.4 10.4l4.6 4.6 4.6-4.6"/><path d="M4.8 16.6V19a1 1 0 0 0 1 1h12.4a1 1 0 0 0 1-1v-2.4"/></svg>`;

export const again = html`<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M19 12a7 7 0 1 1-2.2-5.1"/><path d="M19.3 3.8v3.7h-3.7"/></svg>`;

export const send = html`<svg class="turns" viewBox="0 0 24 24" aria-hidden="true"><path d="M4.8 12h13.4M12.8 6.3l5.7 5.7-5.7 5.7"/></svg>`;

export const receipt = html`<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M6.5 3.8h11v16.4l-2.2-1.5-1.7 1.5-1.6-1.5-1.6 1.5-1.7-1.5-2.2 1.5z"/><path d="M9.5 8.5h5M9.5 12h5"/></svg>`;
