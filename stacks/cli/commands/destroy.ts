import type { Run } from "../command.ts";
import { operate } from "../operation.ts";

/** `fairway destroy`. */
export const run: Run = (context, input) => operate(context, input, "destroy");
