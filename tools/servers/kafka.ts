import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { shortHash } from "../../stacks/contract/names.ts";
import { fail } from "../../stacks/contract/problem.ts";
import { checkoutRoot } from "../setup/checkout.ts";
import { run } from "../setup/run.ts";
import type { Recipe } from "../setup/tool.ts";

/** Program of the official image → its class. */
const PROGRAMS = {
  "kafka-console-consumer.sh": "org.apache.kafka.tools.consumer.ConsoleConsumer",
  "kafka-console-producer.sh": "kafka.tools.ConsoleProducer",
  "kafka-server-start.sh": "kafka.Kafka",
  "kafka-storage.sh": "kafka.tools.StorageTool",
  "kafka-topics.sh": "org.apache.kafka.tools.TopicCommand",
} as const;

/** Kafka's libraries, fetched with Maven, and programs called like those of the official image. Needs Java too. */
export function kafkaRecipe(cache: string): Recipe {
  const pom = join(checkoutRoot(), "tools/servers/kafka/pom.xml");
  const text = readFileSync(pom, "utf8");
  const version = /<version>([\d.]+)<\/version>/.exec(text)?.[1] ?? "";
  return {
    name: "Kafka",
    version,
    key: `servers/kafka/${version}-${shortHash(text + Object.values(PROGRAMS).map(script).join(""), 12)}`,
    bin: Object.fromEntries(Object.keys(PROGRAMS).map((name) => [name, join("bin", name)])),
    cache,
    async make(folder, work) {
      work.progress?.(`fetching Kafka ${version} with Maven`);
      const goal = "org.apache.maven.plugins:maven-dependency-plugin:3.6.0:copy-dependencies";
      const { code, stdout, stderr } = await run(
        "mvn",
        ["-q", "-B", "-f", pom, goal, `-DoutputDirectory=${join(folder, "bin/lib")}`],
        { ...(work.signal && { signal: work.signal }) },
      );
      if (code !== 0) fail("FW8007", `Maven gave no Kafka: ${(stderr || stdout).slice(-500)}`);
      for (const [name, main] of Object.entries(PROGRAMS))
        writeFileSync(join(folder, "bin", name), script(main), { mode: 0o755 });
    },
  };
}

/** As `kafka-run-class.sh` of the official image calls Java. */
const script = (main: string): string => `#!/bin/sh
exec java \${KAFKA_HEAP_OPTS:--Xmx256m} \${KAFKA_LOG4J_OPTS:-} -cp "$(dirname "$(readlink -f "$0")")/lib/*" ${main} "$@"
`;
