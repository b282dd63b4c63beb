import { z } from "zod";

/** `services/<folder>/release.yaml`: which image runs where; written by `fairway release`. */
export const releaseSchema = z
  .strictObject({
    services: z
      .record(
        z.string(),
        z.strictObject({
          environments: z
            .record(
              z.string(),
              z.strictObject({
                containers: z
                  .record(z.string(), z.string().min(1))
                  .describe("Container → image reference"),
                source: z.string().describe("Commit of the application").optional(),
              }),
            )
            .describe("By environment"),
        }),
      )
      .describe("By the service's metadata.name"),
  })
  .describe("Images by service, environment and container");

/** A checked `release.yaml`. */
export type ReleaseDocument = z.infer<typeof releaseSchema>;

/** The release of one service in one environment; images given by `--image` are already merged in. */
export interface Release {
  /** Container → reference. */
  readonly containers: Readonly<
    Record<string, { readonly image: string; readonly from: "release" | "flag" }>
  >;
  /** Relative to the root, where a release file names the service. */
  readonly file?: string;
  readonly source?: string;
}
