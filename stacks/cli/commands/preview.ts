import type { Run } from "../command.ts";
import { operate } from "../operation.ts";

/** `fairway preview`. */
export const run: Run = (context, input) => operate(context, input, "preview");
