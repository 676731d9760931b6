/** Single keys for what has a `data-key`: a field gets the focus, anything else is pressed.

  They rest while somebody types, and can be switched off (WCAG 2.1.4). */

const OFF = "studio:keys-off";

export function listenForKeys(): void {
  document.addEventListener("keydown", onKey);
  document.addEventListener("click", onClick);
  // Before htmx sends the form.
  document.addEventListener("change", onChange, { capture: true });
}

function onKey(event: KeyboardEvent): void {
  const from = event.target as HTMLElement;
  if (event.key === "Escape") from.blur();
  if (event.ctrlKey || event.metaKey || event.altKey || takesKeys(from, event.key)) return;
  if (event.key !== "?" && (areOff() || document.querySelector("dialog[open]"))) return;
  const wanted = document.querySelector<HTMLElement>(`[data-key="${CSS.escape(event.key)}"]`);
  if (!wanted) return;
  event.preventDefault();
  if (isField(wanted)) {
    mark(wanted);
    wanted.focus();
  } else wanted.click();
}

/** Whether the element itself has a use for the key: letters in a field, Enter on a button. */
function takesKeys(element: HTMLElement, key: string): boolean {
  if (key === "Enter") return element.matches("button, a, select, textarea, input:not([type=radio]), summary");
  return isField(element);
}

function isField(element: HTMLElement): boolean {
  return element.matches("textarea, select, input:not([type=radio], [type=checkbox])");
}

/** Take over the words that are selected in the sentence. */
function mark(field: HTMLElement): void {
  const sentence = document.getElementById(field.dataset.marks ?? "");
  if (!(field instanceof HTMLInputElement) || !(sentence instanceof HTMLTextAreaElement)) return;
  const { selectionStart, selectionEnd, value } = sentence;
  const words = value.slice(selectionStart, selectionEnd) || selectedText();
  if (words && value.includes(words)) {
    field.value = words;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

function selectedText(): string {
  return document.getSelection()?.toString().trim() ?? "";
}

function onClick(event: MouseEvent): void {
  const opener = (event.target as HTMLElement).closest<HTMLElement>("[data-opens]");
  const dialog = opener && document.getElementById(opener.dataset.opens!);
  if (!(dialog instanceof HTMLDialogElement)) return;
  dialog.querySelector<HTMLInputElement>("#keys-on")!.checked = !areOff();
  dialog.showModal();
}

function onChange(event: Event): void {
  const field = event.target as HTMLInputElement;
  if (field.id === "keys-on") remember(field.checked);
  else chooseOne(field);
}

function remember(areOn: boolean): void {
  if (areOn) localStorage.removeItem(OFF);
  else localStorage.setItem(OFF, "yes");
}

/** Of a guess and another intent that is looked up, the one chosen last counts. */
function chooseOne(field: HTMLInputElement): void {
  const reading = field.closest(".reading");
  if (!reading) return;
  const other = reading.querySelector<HTMLInputElement>("[list]")!;
  if (field.type === "radio") other.value = "";
  if (field !== other || !other.value) return;
  for (const guess of reading.querySelectorAll<HTMLInputElement>("[type=radio]")) {
    guess.checked = guess.value === other.value;
  }
}

function areOff(): boolean {
  return localStorage.getItem(OFF) !== null;
}
