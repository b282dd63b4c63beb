/**
 * What the kubelet changes in a variable's value, a command, an argument and the command of a probe: `$$` becomes `$`,
 * `$(NAME)` the variable of that name where there is one, and a character above ASCII after a `$` is torn apart.
 */
const CHANGED = /\$(?:\$|\([^)]*\)|\P{ASCII})/u;

/** A text as the kubelet has to read it, so that a program gets what was written. */
export const kubeletText = (text: string): string => (CHANGED.test(text) ? doubled(text) : text);

/** The same for a part of a text, whatever stands behind it. */
export const doubled = (part: string): string => part.replaceAll("$", "$$$$");

/** What a program gets of a text that the kubelet reads, where no `$(NAME)` in it names a variable. */
export const programText = (text: string): string =>
  text.replace(/\$(?:\$|\([^)]*\))/g, (found) => (found === "$$" ? "$" : found));
