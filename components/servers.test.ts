import { runtime } from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import type { ResourceView } from "../stacks/contract/finding.ts";
import { SECRET } from "../stacks/record/monitor.ts";
import { recordProgram } from "../stacks/record/record.ts";

const EXAMPLES = {
  amqp: () => import("./amqp/examples/amqp.ts"),
  "amqp-mq": () => import("./amqp/examples/amqp-mq.ts"),
  "kafka-topic": () => import("./kafka-topic/examples/kafka-topic.ts"),
  "kafka-topic-msk": () => import("./kafka-topic/examples/kafka-topic-msk.ts"),
  "llm-model": () => import("./llm-model/examples/llm-model.ts"),
  mongodb: () => import("./mongodb/examples/mongodb.ts"),
  "mongodb-docdb": () => import("./mongodb/examples/mongodb-docdb.ts"),
  mssql: () => import("./mssql/examples/mssql.ts"),
  mysql: () => import("./mysql/examples/mysql.ts"),
  "mysql-rds": () => import("./mysql/examples/mysql-rds.ts"),
  postgres: () => import("./postgres/examples/postgres.ts"),
  "postgres-rds": () => import("./postgres/examples/postgres-rds.ts"),
  redis: () => import("./redis/examples/redis.ts"),
  "redis-elasticache": () => import("./redis/examples/redis-elasticache.ts"),
  s3: () => import("./s3/examples/s3.ts"),
  secret: () => import("./secret/examples/secret.ts"),
  volume: () => import("./volume/examples/volume.ts"),
};
const PLANTED = "planted-0042";

/** Registers an example with configured secrets. */
const register = (example: () => Promise<unknown>): Promise<ResourceView[]> =>
  recordProgram("example.local", () => {
    for (const name of ["password", "oldPassword", "cookie"])
      runtime.setConfig(`orders:${name}`, `${PLANTED}-${name}`);
    return example();
  });

describe.each(Object.entries(EXAMPLES))("example %s", (name, example) => {
  it("registers what it registered before, named after its component, and no secret in clear", async () => {
    const views = await register(example);
    expect(JSON.stringify(views)).not.toContain(PLANTED);
    const component = views.find(({ type }) => type.startsWith("fairway:"));
    expect(component).toBeDefined();
    for (const view of views.filter(({ parent }) => parent === component?.urn))
      expect(view.name.startsWith(`${component?.name}-`)).toBe(true);
    for (const { props } of views.filter(({ type }) => type === "kubernetes:core/v1:Secret"))
      expect(["stringData" in props, props["stringData"] ?? SECRET]).toEqual([
        name !== "secret",
        SECRET,
      ]);
    expect(views).toMatchSnapshot();
  });
});
