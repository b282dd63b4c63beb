import { Mq, type MqArgs } from "./amqp/amqp-mq.ts";
import { CloudNetwork, type CloudNetworkArgs } from "./cloud-network/cloud-network.ts";
import { Host, type HostArgs } from "./dns/dns-route53.ts";
import { Table, type TableArgs } from "./dynamodb/dynamodb.ts";
import { WorkloadIdentity, type WorkloadIdentityArgs } from "./identity/identity.ts";
import { MskTopic, type MskTopicArgs } from "./kafka-topic/kafka-topic-msk.ts";
import { Docdb, type DocdbArgs } from "./mongodb/mongodb-docdb.ts";
import { MysqlRds, type MysqlRdsArgs } from "./mysql/mysql-rds.ts";
import { AwsCluster, type AwsClusterArgs } from "./platform/aws-cluster.ts";
import { AwsDefaults, type AwsDefaultsArgs } from "./platform/aws-defaults.ts";
import { AwsDomain, type AwsDomainArgs } from "./platform/aws-domain.ts";
import { AwsFiles, type AwsFilesArgs } from "./platform/aws-files.ts";
import { AwsKeys, type AwsKeysArgs } from "./platform/aws-keys.ts";
import { AwsNetwork, type AwsNetworkArgs } from "./platform/aws-network.ts";
import { EksObjects, type EksObjectsArgs } from "./platform/eks-objects.ts";
import { PostgresRds, type PostgresRdsArgs } from "./postgres/postgres-rds.ts";
import { Elasticache, type ElasticacheArgs } from "./redis/redis-elasticache.ts";
import { Bucket, type BucketArgs } from "./s3/s3-aws.ts";
import { Topic, type TopicArgs } from "./sns/sns.ts";
import { Queue, type QueueArgs } from "./sqs/sqs.ts";
import { type Case, of } from "./transforms.fixture.ts";

const account = "444444444444";
const region = "eu-central-1";
const key = `arn:aws:kms:${region}:${account}:key/00000000-0000-4000-8000-000000000000`;
const arn = (service: string, name: string) => `arn:aws:${service}:${region}:${account}:${name}`;
const name = "orders";
const vpcId = "vpc-0";
const clusterSecurityGroup = "sg-0";
const subnets = "subnet-0a,subnet-0b";

const server = {
  name,
  vpcId,
  subnetGroup: "shared",
  key,
  majorUpgrade: false,
  nodeClass: "large",
  ha: true,
  username: "orders",
  password: "new",
  backups: 7,
  logs: 30,
  protect: true,
  applyImmediately: true,
};
const wall = { securityGroup: ["x-security-group"] };
const parameterGroup = ["x-parameters"];
const rds = { ...wall, parameterGroup, instance: ["x-instance"] };

/** Components whose children stand in an account, or in a cluster for its sake. */
export const CLOUD_CASES: readonly Case[] = [
  of<AwsNetworkArgs>(
    AwsNetwork,
    {
      name,
      region,
      cidr: "10.0.0.0/16",
      cluster: name,
      zones: [
        { zone: "a", private: "10.0.0.0/18", public: "10.0.64.0/18", database: "10.0.128.0/18" },
      ],
      nat: "one",
      gateways: ["s3"],
      interfaces: ["ecr.api"],
      flowLogs: 30,
    },
    {
      vpc: ["x-vpc"],
      subnet: ["x-database-a", "x-private-a", "x-public-a"],
      endpoint: ["x-endpoint-ecr-api", "x-endpoint-s3"],
    },
  ),
  of<AwsClusterArgs>(
    AwsCluster,
    {
      prefix: name,
      name,
      version: "1.35",
      support: "extended",
      subnets,
      secretsKey: key,
      diskKeys: [key],
      logs: 30,
      protect: true,
      access: [],
      tags: {},
      nodes: { instanceTypes: ["m7g.large"], arm: true, min: 1, max: 2, disk: 20 },
    },
    {
      cluster: ["x-cluster"],
      nodes: ["x-nodes"],
      addon: [
        "aws-ebs-csi-driver",
        "aws-efs-csi-driver",
        "aws-secrets-store-csi-driver-provider",
        "cert-manager",
        "coredns",
        "eks-pod-identity-agent",
        "kube-proxy",
        "vpc-cni",
      ].map((addon) => `x-addon-${addon}`),
    },
  ),
  of<AwsKeysArgs>(
    AwsKeys,
    { account, keys: [{ dataClass: "internal", alias: "alias/internal" }] },
    { key: ["x-internal"] },
  ),
  of<AwsFilesArgs>(
    AwsFiles,
    { name, vpcId, subnets, zones: 2, key, clusterSecurityGroup },
    { fileSystem: ["x-system"] },
  ),
  of<AwsDomainArgs>(AwsDomain, { domain: "example.com" }, { zone: ["x-zone"] }),
  of<AwsDefaultsArgs>(
    AwsDefaults,
    {
      databaseSubnets: subnets,
      subnetGroups: { rds: "rds", elasticache: "cache", docdb: "docdb" },
      account,
      logBucket: "logs",
      logs: 30,
    },
    { logBucket: ["x-access-logs"], repositories: ["x-repositories"] },
  ),
  of<EksObjectsArgs>(
    EksObjects,
    {
      labels: {},
      mode: "managed",
      ingressClasses: [
        { name: "inside", scheme: "internal", group: "inside" },
        { name: "outside", scheme: "internet-facing", group: "outside" },
      ],
      tags: {},
      disks: [{ name: "gp3", key, tags: {} }],
      reclaim: "Retain",
      files: { name: "efs", fileSystemId: "fs-0" },
      certificateArn: arn("acm", "certificate/0"),
    },
    {
      storageClass: ["x-storage-efs", "x-storage-gp3"],
      ingressClass: ["x-class-inside", "x-class-outside"],
      ingress: ["x-ingress"],
    },
  ),
  of<CloudNetworkArgs>(
    CloudNetwork,
    {
      name,
      namespace: name,
      labels: {},
      selector: {},
      grain: "pod",
      vpcId,
      clusterSecurityGroup,
      edges: [
        { to: "cache", securityGroup: "sg-1", port: 6379, protocol: "TCP" },
        { to: "store", securityGroup: "sg-2", port: 5432, protocol: "TCP" },
      ],
    },
    {
      ...wall,
      ingress: ["x-ingress-cache-6379", "x-ingress-store-5432"],
      egress: ["x-egress-cache-6379", "x-egress-store-5432"],
      policy: ["x-policy"],
    },
  ),
  of<WorkloadIdentityArgs>(
    WorkloadIdentity,
    { role: name, cluster: name, namespace: name, serviceAccount: name, statements: [] },
    { role: ["x-role"], policy: ["x-policy"], association: ["x-association"] },
  ),
  of<PostgresRdsArgs>(
    PostgresRds,
    { ...server, version: "17", storage: 20 },
    { ...rds, logGroup: ["x-logs-postgresql", "x-logs-upgrade"] },
  ),
  of<MysqlRdsArgs>(
    MysqlRds,
    { ...server, engine: "mysql", version: "8.4", storage: 20 },
    { ...rds, logGroup: ["x-logs-error", "x-logs-slowquery"] },
  ),
  of<DocdbArgs>(
    Docdb,
    { ...server, version: "5.0.0" },
    {
      ...wall,
      parameterGroup,
      logGroup: ["x-logs-audit", "x-logs-profiler"],
      cluster: ["x-cluster"],
      instance: ["x-instance-1", "x-instance-2"],
    },
  ),
  of<ElasticacheArgs>(
    Elasticache,
    { ...server, engine: "redis", version: "7.1" },
    {
      ...wall,
      parameterGroup,
      logGroup: ["x-logs-engine-log", "x-logs-slow-log"],
      group: ["x-group"],
    },
  ),
  of<MqArgs>(Mq, { ...server, subnets, version: "3.13" }, { ...wall, broker: ["x-broker"] }),
  of<MskTopicArgs>(
    MskTopic,
    {
      topic: name,
      partitions: 1,
      retentionHours: 72,
      replicas: 2,
      create: { ...server, subnets, version: "3.9.x", brokers: 2, storage: 100 },
    },
    {
      ...wall,
      logGroup: ["x-logs-broker"],
      configuration: ["x-configuration"],
      cluster: ["x-cluster"],
      topic: ["x-topic"],
    },
  ),
  of<BucketArgs>(
    Bucket,
    {
      bucket: name,
      arn: "arn:aws:s3:::orders",
      key,
      logBucket: "logs",
      keepDays: 30,
      disposable: false,
      keys: { user: name, rotation: 1, secret: name, statements: [] },
    },
    {
      bucket: ["x-bucket"],
      lifecycle: ["x-lifecycle"],
      policy: ["x-policy"],
      logging: ["x-logging"],
      user: ["x-user"],
    },
  ),
  of<QueueArgs>(
    Queue,
    {
      name,
      arn: arn("sqs", name),
      deadLetter: { name: "dead", arn: arn("sqs", "dead") },
      fifo: false,
      maxReceive: 5,
      visibility: 30,
      delay: 0,
      retention: 60,
      topics: [],
      ownTopics: arn("sns", "orders-*"),
    },
    { queue: ["x-queue"], dead: ["x-dead"] },
  ),
  of<TopicArgs>(
    Topic,
    { name, arn: arn("sns", name), fifo: false, key, subscriptions: [] },
    { topic: ["x-topic"] },
  ),
  of<TableArgs>(
    Table,
    {
      name,
      partition: { name: "user", type: "S" },
      indexes: [],
      key,
      deletionProtection: true,
    },
    { table: ["x-table"] },
  ),
  of<HostArgs>(
    Host,
    { host: "orders.example.com", zoneId: "Z0", target: "example.com" },
    { record: ["x-record"] },
  ),
];
