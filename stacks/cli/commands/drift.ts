import type { Run } from "../command.ts";
import { operate } from "../operation.ts";

/** `fairway drift`: a refresh that only looks; exit 5 when it finds something. */
export const run: Run = (context, input) => operate(context, input, "refresh");
