import { Amqp, type AmqpArgs } from "./amqp/amqp-cluster.ts";
import type { ServerArgs } from "./base/server.ts";
import { KafkaTopic, type KafkaTopicArgs } from "./kafka-topic/kafka-topic-cluster.ts";
import { LlmModel, type LlmModelArgs } from "./llm-model/llm-model.ts";
import { Mongodb, type MongodbArgs } from "./mongodb/mongodb-cluster.ts";
import { Monitoring, type MonitoringArgs } from "./monitoring/monitoring.ts";
import { Mssql, type MssqlArgs } from "./mssql/mssql-cluster.ts";
import { Mysql, type MysqlArgs } from "./mysql/mysql-cluster.ts";
import { Platform, type PlatformArgs } from "./platform/platform.ts";
import { Postgres, type PostgresArgs } from "./postgres/postgres-cluster.ts";
import { Redis, type RedisArgs } from "./redis/redis-cluster.ts";
import { Route, type RouteArgs } from "./route/route.ts";
import { S3, type S3Args } from "./s3/s3-cluster.ts";
import { Tenancy, type TenancyArgs } from "./tenancy/tenancy.ts";
import { type Case, of } from "./transforms.fixture.ts";
import { Volume, type VolumeArgs } from "./volume/volume-cluster.ts";
import { Job, type JobArgs } from "./workload/job.ts";
import { ScheduledJob, type ScheduledJobArgs } from "./workload/scheduled-job.ts";
import { Stateful, type StatefulArgs } from "./workload/stateful.ts";
import { WebService, type WebServiceArgs } from "./workload/web-service.ts";
import { Worker, type WorkerArgs } from "./workload/worker.ts";
import type { Workload } from "./workload/workload.ts";

const labels = { "fairway.dev/service": "orders" };
const common = { name: "orders", namespace: "orders", labels };
const workload: Workload = {
  ...common,
  selector: labels,
  annotations: {},
  podAnnotations: {},
  account: "orders",
  priorityClass: "standard",
  terminationGrace: 30,
  initContainers: [],
  containers: [],
  volumes: [],
  claims: [],
  strategy: "rolling",
  config: { name: "orders-files", data: { a: "1" }, binaryData: {} },
  secret: { name: "orders-secret", data: { b: "2" }, binaryData: {} },
  cloudSecret: { name: "orders-cloud", region: "eu-central-1", objects: [] },
  service: { name: "orders", headless: false, ports: [] },
  scaling: { min: 1, max: 2, metrics: [] },
  disruption: { maxUnavailable: 1 },
};
const around = {
  config: ["x-config"],
  secret: ["x-secret"],
  cloudSecret: ["x-cloud-secret"],
  service: ["x-service"],
  autoscaler: ["x-autoscaler"],
  scaledObject: [],
  disruption: ["x-disruption"],
};
const byClock: Workload = {
  ...workload,
  scaling: {
    min: 1,
    max: 2,
    metrics: [],
    windows: [{ from: "0 8 * * *", to: "0 18 * * *", timeZone: "Etc/UTC", replicas: 2 }],
  },
};
const clocked = { autoscaler: [], scaledObject: ["x-autoscaler"] };
const { config, secret, cloudSecret } = around;
const deployed = { ...around, deployment: ["x-deployment"] };

const server: ServerArgs = {
  ...common,
  selector: labels,
  image: "registry.example.com/server:1.0",
  pullSecrets: [],
  requests: { cpu: "100m", memory: "512Mi" },
  limits: { cpu: "200m", memory: "512Mi" },
  storage: "1Gi",
  rotation: 2,
  password: "new",
  previous: ["old"],
};
/** Children of a server that reads its password when it starts, so that nothing rotates it. */
const restarted = {
  account: ["x-account"],
  config,
  secret,
  data: ["x-data"],
  service: ["x-service"],
  server: ["x-server"],
  passwords: [],
  rotate: [],
};
const rotated = { ...restarted, passwords: ["x-passwords"], rotate: ["x-rotate-2"] };
const owner = { username: "orders", database: "orders" };

/** Components whose children stand in a cluster. */
export const CLUSTER_CASES: readonly Case[] = [
  of<WebServiceArgs>(WebService, workload, deployed),
  of<WorkerArgs>(Worker, workload, deployed),
  of<StatefulArgs>(Stateful, workload, { ...around, statefulSet: ["x-statefulset"] }),
  of<WebServiceArgs>(WebService, byClock, { ...deployed, ...clocked }),
  of<WorkerArgs>(Worker, byClock, { ...deployed, ...clocked }),
  of<StatefulArgs>(Stateful, byClock, {
    ...around,
    ...clocked,
    statefulSet: ["x-statefulset"],
  }),
  of<JobArgs>(Job, workload, { config, secret, cloudSecret, job: ["x-job"] }),
  of<ScheduledJobArgs>(
    ScheduledJob,
    {
      ...workload,
      schedule: {
        cron: "0 3 * * *",
        timeZone: "Etc/UTC",
        startingDeadline: 300,
        history: { succeeded: 1, failed: 1 },
      },
    },
    { config, secret, cloudSecret, cronJob: ["x-cronjob"] },
  ),
  of<AmqpArgs>(Amqp, { ...server, username: "orders", vhost: "orders", cookie: "c" }, rotated),
  of<MongodbArgs>(Mongodb, { ...server, username: "orders" }, rotated),
  of<MssqlArgs>(Mssql, { ...server, ...owner, administrator: "sa", edition: "Express" }, restarted),
  of<MysqlArgs>(Mysql, { ...server, ...owner }, rotated),
  of<PostgresArgs>(Postgres, { ...server, ...owner }, rotated),
  of<LlmModelArgs>(LlmModel, { ...server, model: "ai/smollm2" }, restarted),
  of<KafkaTopicArgs>(
    KafkaTopic,
    { ...server, topic: "orders", partitions: 1, retentionHours: 72 },
    restarted,
  ),
  of<RedisArgs>(Redis, server, restarted),
  of<S3Args>(S3, { ...server, accessKey: "orders", bucket: "invoices" }, restarted),
  of<VolumeArgs>(
    Volume,
    { ...common, storage: "1Gi", accessMode: "ReadWriteOnce" },
    { claim: ["x-claim"] },
  ),
  of<RouteArgs>(
    Route,
    {
      ...common,
      annotations: {},
      ingressClass: "nginx",
      host: "orders.example.com",
      path: "/",
      service: { name: "orders", port: 80 },
    },
    { ingress: ["x-ingress"] },
  ),
  of<MonitoringArgs>(
    Monitoring,
    {
      ...common,
      scrape: { selector: labels, port: "http", path: "/metrics", interval: "30s" },
      groups: [{ name: "orders", interval: "30s", rules: [] }],
    },
    { monitor: ["x-monitor"], rules: ["x-rules"] },
  ),
  of<PlatformArgs>(
    Platform,
    {
      labels,
      customKinds: ["prometheusrules", "scaledobjects", "servicemonitors"],
      priorityClasses: [
        { name: "low", value: 1, preemption: "Never", description: "Can wait" },
        { name: "high", value: 2, preemption: "Never", description: "Cannot" },
      ],
      ingressClass: { name: "example", controller: "example.com/ingress" },
      storageClass: {
        name: "fast",
        provisioner: "example.com/disk",
        parameters: {},
        bindingMode: "Immediate",
      },
    },
    {
      customKind: ["x-kind-prometheusrules", "x-kind-scaledobjects", "x-kind-servicemonitors"],
      priorityClass: ["x-priority-high", "x-priority-low"],
      ingressClass: ["x-ingressclass"],
      storageClass: ["x-storageclass"],
    },
  ),
  of<TenancyArgs>(
    Tenancy,
    {
      namespace: "orders",
      labels,
      namespaceLabels: {},
      quota: { pods: "1" },
      limits: { requests: { cpu: "1", memory: "1Mi" }, limits: { cpu: "1", memory: "1Mi" } },
      policies: [
        { name: "dns", pods: {}, ingress: [], egress: [] },
        { name: "web", pods: {}, ingress: [], egress: [] },
      ],
      pullSecrets: [{ name: "registry", stored: "platform/registry" }],
      account: { name: "orders", pullSecrets: ["registry"] },
      access: {
        roles: { logs: [{ apiGroups: [""], resources: ["pods/log"], verbs: ["get"] }] },
        bindings: [{ name: "view", group: "shop", role: { kind: "ClusterRole", name: "view" } }],
      },
    },
    {
      namespace: ["x-namespace"],
      policy: ["x-policy-dns", "x-policy-web"],
      quota: ["x-quota"],
      limits: ["x-limits"],
      pullSecret: ["x-pull-registry"],
      account: ["x-account"],
      role: ["x-role-logs"],
      binding: ["x-binding-view"],
    },
  ),
];
