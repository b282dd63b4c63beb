import type { ComponentResourceOptions, Input, Output, Resource } from "@pulumi/pulumi";
import type { PlanValue } from "../stacks/contract/plan.ts";
import { Amqp, type AmqpArgs } from "./amqp/amqp-cluster.ts";
import { Mq } from "./amqp/amqp-mq.ts";
import type { BuildContext } from "./base/context.ts";
import type { CloudServer } from "./base/cloud-server.ts";
import type { Rds } from "./base/rds.ts";
import type { Server, ServerArgs } from "./base/server.ts";
import { passwordArgs, serverArgs } from "./base/server-args.ts";
import { CloudNetwork } from "./cloud-network/cloud-network.ts";
import { Host } from "./dns/dns-route53.ts";
import { Table } from "./dynamodb/dynamodb.ts";
import { KafkaTopic } from "./kafka-topic/kafka-topic-cluster.ts";
import { MskTopic } from "./kafka-topic/kafka-topic-msk.ts";
import { WorkloadIdentity } from "./identity/identity.ts";
import { LlmModel } from "./llm-model/llm-model.ts";
import { Mongodb } from "./mongodb/mongodb-cluster.ts";
import { Docdb } from "./mongodb/mongodb-docdb.ts";
import { Monitoring } from "./monitoring/monitoring.ts";
import { Mssql, type MssqlArgs } from "./mssql/mssql-cluster.ts";
import { Mysql } from "./mysql/mysql-cluster.ts";
import { MysqlRds } from "./mysql/mysql-rds.ts";
import { AwsCluster } from "./platform/aws-cluster.ts";
import { AwsDefaults } from "./platform/aws-defaults.ts";
import { AwsDomain } from "./platform/aws-domain.ts";
import { AwsFiles } from "./platform/aws-files.ts";
import { AwsKeys } from "./platform/aws-keys.ts";
import { AwsNetwork } from "./platform/aws-network.ts";
import { EksObjects } from "./platform/eks-objects.ts";
import { Platform } from "./platform/platform.ts";
import { Postgres } from "./postgres/postgres-cluster.ts";
import { PostgresRds } from "./postgres/postgres-rds.ts";
import { Redis } from "./redis/redis-cluster.ts";
import { Elasticache } from "./redis/redis-elasticache.ts";
import { Route } from "./route/route.ts";
import { Bucket } from "./s3/s3-aws.ts";
import { S3 } from "./s3/s3-cluster.ts";
import { HeldSecret } from "./secret/secret-aws.ts";
import { BroughtSecret } from "./secret/secret-cluster.ts";
import { Topic } from "./sns/sns.ts";
import { Queue } from "./sqs/sqs.ts";
import { Tenancy } from "./tenancy/tenancy.ts";
import { Volume } from "./volume/volume-cluster.ts";
import { Job } from "./workload/job.ts";
import { ScheduledJob } from "./workload/scheduled-job.ts";
import { Stateful } from "./workload/stateful.ts";
import { WebService } from "./workload/web-service.ts";
import { Worker } from "./workload/worker.ts";

/** Outputs of a component, by name. */
type BuiltOutputs = Readonly<Record<string, Input<string>>>;

/** Builds the component of a plan item and gives its outputs by name. */
export type Builder = (
  name: string,
  args: Readonly<Record<string, PlanValue>>,
  context: BuildContext,
  opts: ComponentResourceOptions,
) => { readonly component: Resource; readonly outputs: BuiltOutputs };

/** A component whose arguments are the item's, and nothing else. */
function plain<A, R extends Resource>(
  type: new (name: string, args: A, opts: ComponentResourceOptions) => R,
  outputs: (component: R) => BuiltOutputs = () => ({}),
): Builder {
  return (name, args, context, opts) => {
    const component = new type(name, context.fromPlan<A>(args), opts);
    return { component, outputs: outputs(component) };
  };
}

/** A server whose password is derived; `output` is its name among the driver's outputs. */
function server<A extends ServerArgs>(
  type: new (name: string, args: A, opts: ComponentResourceOptions) => Server,
  output = "password",
): Builder {
  return (name, args, context, opts) => {
    const component = new type(name, serverArgs<A>(args, context), opts);
    return { component, outputs: { [output]: component.password } };
  };
}

/** A server of AWS's whose password is derived. */
function cloudServer<A extends { readonly password: Input<string> }>(
  type: new (
    name: string,
    args: A,
    opts: ComponentResourceOptions,
  ) => CloudServer & { readonly password: Output<string> },
): Builder {
  return (name, args, context, opts) => {
    const component = new type(name, passwordArgs<A>(args, context), opts);
    const { host, securityGroupId, password } = component;
    return { component, outputs: { host, securityGroupId, password } };
  };
}

/** What is known of a server of RDS, whose password is in the secret. */
const rds = ({ host, securityGroupId, secretArn }: Rds): BuiltOutputs => ({
  host,
  securityGroupId,
  secretArn,
});

/** RabbitMQ's tools share a cookie with the node, which is derived beside the password and never rotated. */
const amqp: Builder = (name, args, context, opts) => {
  const cookie = context.password(`${String(args.identity)}/cookie`, 1);
  const component = new Amqp(name, { ...serverArgs<AmqpArgs>(args, context), cookie }, opts);
  return { component, outputs: { password: component.password } };
};

/** `sa` of SQL Server has a password of its own, which is derived beside the login's and never rotated. */
const mssql: Builder = (name, args, context, opts) => {
  const administrator = context.password(`${String(args.identity)}/administrator`, 1);
  const server = { ...serverArgs<MssqlArgs>(args, context), administrator };
  const component = new Mssql(name, server, opts);
  return { component, outputs: { password: component.password } };
};

/** Component key of a plan item → what builds it. The pure faces of drivers are listed in catalog.ts. */
export const REGISTRY: Readonly<Record<string, Builder>> = {
  "amqp-cluster": amqp,
  "amqp-mq": cloudServer(Mq),
  "aws-cluster": plain(AwsCluster, ({ securityGroupId }) => ({ securityGroupId })),
  "aws-defaults": plain(AwsDefaults),
  "aws-domain": plain(AwsDomain, ({ zoneId, certificateArn, nameServers }) => ({
    zoneId,
    certificateArn,
    nameServers,
  })),
  "aws-files": plain(AwsFiles, ({ fileSystemId }) => ({ fileSystemId })),
  "aws-keys": plain(AwsKeys, ({ arns }) => arns),
  "aws-network": plain(AwsNetwork, ({ vpcId, subnets }) => ({
    vpcId,
    privateSubnets: subnets.private,
    databaseSubnets: subnets.database,
  })),
  "cloud-network": plain(CloudNetwork),
  "dns-route53": plain(Host),
  dynamodb: plain(Table),
  "eks-objects": plain(EksObjects, ({ ingressHost }) => ({ ingressHost })),
  job: plain(Job),
  "kafka-topic-cluster": plain(KafkaTopic),
  "kafka-topic-msk": plain(
    MskTopic,
    ({ host, securityGroupId, clusterArn, topicArn, groupPrefix }) => ({
      host,
      securityGroupId,
      clusterArn,
      topicArn,
      groupPrefix,
    }),
  ),
  "llm-model": server(LlmModel, "api-key"),
  "mongodb-cluster": server(Mongodb),
  "mongodb-docdb": cloudServer(Docdb),
  monitoring: plain(Monitoring),
  "mssql-cluster": mssql,
  "mysql-cluster": server(Mysql),
  "mysql-rds": plain(MysqlRds, rds),
  platform: plain(Platform),
  "postgres-cluster": server(Postgres),
  "postgres-instance-cluster": server(Postgres),
  "postgres-instance-rds": plain(PostgresRds, rds),
  "postgres-rds": plain(PostgresRds, rds),
  "redis-cluster": server(Redis),
  "redis-elasticache": cloudServer(Elasticache),
  route: plain(Route, ({ host, url }) => ({ host, url })),
  "s3-aws": plain(Bucket, ({ secretArn }) => ({ ...(secretArn && { secretArn }) })),
  "s3-cluster": server(S3, "secret_key"),
  "scheduled-job": plain(ScheduledJob),
  "secret-aws": plain(HeldSecret, ({ secretArn }) => ({ secretArn })),
  "secret-cluster": plain(BroughtSecret, ({ value }) => ({ value })),
  sns: plain(Topic),
  sqs: plain(Queue),
  stateful: plain(Stateful),
  tenancy: plain(Tenancy),
  "volume-aws": plain(Volume),
  "volume-cluster": plain(Volume),
  "web-service": plain(WebService),
  worker: plain(Worker),
  "workload-identity": plain(WorkloadIdentity, ({ roleArn }) => ({ roleArn })),
};
