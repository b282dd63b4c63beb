/** Colours, or plain text where there is no terminal. */
export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
  cyan(text: string): string;
}

const paint = (open: number, close: number, color: boolean) => (text: string) =>
  color && text !== "" ? `\u001b[${open}m${text}\u001b[${close}m` : text;

/** A style; `color` false gives every text back as it is. */
export function style(color: boolean): Style {
  return {
    bold: paint(1, 22, color),
    dim: paint(2, 22, color),
    red: paint(31, 39, color),
    green: paint(32, 39, color),
    yellow: paint(33, 39, color),
    cyan: paint(36, 39, color),
  };
}

// Control characters, those of writing direction too.
const CONTROL =
  // eslint-disable-next-line no-control-regex -- they are what is removed
  /\u001b\[[0-9;?]*[A-Za-z]|[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

// eslint-disable-next-line no-control-regex -- as above
const COLOUR = /(\u001b\[[0-9;]*m)/;

/** Text of others (API servers, descriptors) without control characters, so that it cannot write over a terminal. */
export function plain(text: string): string {
  return text.replace(CONTROL, "");
}

/** A line cut to a width, colours not counted, with `…` where something is left out. */
export function cut(line: string, columns: number): string {
  if (plain(line).length <= columns) return line;
  let room = Math.max(0, columns - 1);
  let text = "";
  for (const part of line.split(COLOUR)) {
    if (part.startsWith("\u001b[")) text += part;
    else if (room >= 0) {
      text += part.length > room ? `${part.slice(0, room)}…` : part;
      room = part.length > room ? -1 : room - part.length;
    }
  }
  return text;
}

/** Rows as aligned columns, two spaces apart; the widths ignore colours. */
export function table(rows: readonly (readonly string[])[], indent = ""): string {
  const widths: number[] = [];
  for (const row of rows)
    row.forEach((cell, i) => (widths[i] = Math.max(widths[i] ?? 0, plain(cell).length)));
  return rows
    .map(
      (row) =>
        indent +
        row
          .map((cell, i) =>
            i === row.length - 1 ? cell : cell + " ".repeat(widths[i]! - plain(cell).length),
          )
          .join("  ")
          .trimEnd(),
    )
    .join("\n");
}

/** `850 ms`, `12.3 s`, `4 min 05 s`. */
export function duration(milliseconds: number): string {
  if (milliseconds < 1_000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 60_000) return `${(milliseconds / 1_000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1_000);
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, "0")} s`;
}

/** `1 service`, `2 services`. */
export function count(number: number, noun: string, plural = `${noun}s`): string {
  return `${number} ${number === 1 ? noun : plural}`;
}
