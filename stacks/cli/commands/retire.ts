import type { Run } from "../command.ts";
import { operate } from "../operation.ts";

/** `fairway retire`. */
export const run: Run = (context, input) => operate(context, input, "destroy", true);
