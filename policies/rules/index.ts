import type { Rule } from "../../stacks/contract/finding.ts";
import { imageTag } from "./image-tag/image-tag.ts";
import { privileged } from "./privileged/privileged.ts";
import { requestsAndLimits } from "./requests-and-limits/requests-and-limits.ts";

/** Every rule. */
export const RULES: readonly Rule[] = [privileged, imageTag, requestsAndLimits];
