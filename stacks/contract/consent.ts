import { z } from "zod";

/** Leave to replace or delete one thing that holds data, as descriptors and environments write it. */
export const consentSchema = z.strictObject({
  resource: z
    .string()
    .min(1)
    .describe("Name of the resource under uses, today's or one before, or workload"),
  action: z.enum(["replace", "delete"]).describe("What may happen to it, once"),
  reason: z.string().min(10).describe("Why, for those who read it later"),
  until: z.iso.date().describe("Last day that it counts, such as 2026-12-31"),
});

/** What a Score document writes on each line of its annotation `fairway.dev/consents`. */
export const CONSENT_LINE = /^(replace|delete) (\S+) until (\d{4}-\d{2}-\d{2}): (.{10,})$/;
