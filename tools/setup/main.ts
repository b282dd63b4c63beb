import { obtainEngine } from "../engine/engine.ts";
import { obtainServer, type ServerName } from "../servers/server.ts";
import { obtainPython } from "./python.ts";
import { obtainTool } from "./tool.ts";
import { DEBIAN_SERVERS, GO_TOOLS } from "./versions.ts";
import type { Work } from "./work.ts";

/** Something to obtain, as a named step of a set-up script. */
export interface SetUpStep {
  readonly name: string;
  readonly run: (work: Work) => Promise<unknown>;
}

const server = (name: ServerName, title: string): SetUpStep => ({
  name: title,
  run: (work) => obtainServer(name, work),
});

/** What the tests need besides the locked dependencies. */
export const TEST_STEPS: readonly SetUpStep[] = [
  { name: GO_TOOLS.engine.title, run: obtainEngine },
  { name: GO_TOOLS.cluster.title, run: (work) => obtainTool("cluster", work) },
  ...(Object.keys(DEBIAN_SERVERS) as (keyof typeof DEBIAN_SERVERS)[]).map((name) =>
    server(name, DEBIAN_SERVERS[name].title),
  ),
  server("kafka", "Kafka"),
  server("minio", GO_TOOLS.minio.title),
  server("promtool", GO_TOOLS.promtool.title),
];

/** Gives the paths of what checks the workflows. */
export const CHECKERS = {
  actionlint: async (work: Work): Promise<string> =>
    (await obtainTool("actionlint", work)).bin["actionlint"]!,
  zizmor: async (work: Work): Promise<string> =>
    (await obtainPython("zizmor", work)).bin["zizmor"]!,
} as const;
