/** Hands a text made on this page to the browser as a file to keep; nothing leaves the device. */

const LET_GO_MS = 60_000;

export function saveFile(name: string, type: string, content: string): void {
  const address = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // Not at once: some browsers read it only after they have asked where to put it.
  setTimeout(() => URL.revokeObjectURL(address), LET_GO_MS);
}
