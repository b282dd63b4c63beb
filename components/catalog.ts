import type { Driver } from "../stacks/contract/driver.ts";
import { amqpCluster } from "./amqp/amqp-cluster.plan.ts";
import { amqpMq } from "./amqp/amqp-mq.plan.ts";
import { dnsRoute53 } from "./dns/dns-route53.plan.ts";
import { dns } from "./dns/dns.plan.ts";
import { dynamodb } from "./dynamodb/dynamodb.plan.ts";
import { endpoint } from "./endpoint/endpoint.plan.ts";
import { environment } from "./environment/environment.plan.ts";
import { horizontalPodAutoscaler } from "./horizontal-pod-autoscaler/horizontal-pod-autoscaler.plan.ts";
import { kafkaTopicCluster } from "./kafka-topic/kafka-topic-cluster.plan.ts";
import { kafkaTopicMsk } from "./kafka-topic/kafka-topic-msk.plan.ts";
import { llmModel } from "./llm-model/llm-model.plan.ts";
import { mongodbCluster } from "./mongodb/mongodb-cluster.plan.ts";
import { mongodbDocdb } from "./mongodb/mongodb-docdb.plan.ts";
import { mssqlCluster } from "./mssql/mssql-cluster.plan.ts";
import { mysqlCluster } from "./mysql/mysql-cluster.plan.ts";
import { mysqlRds } from "./mysql/mysql-rds.plan.ts";
import { postgresCluster } from "./postgres/postgres-cluster.plan.ts";
import { postgresInstanceCluster } from "./postgres/postgres-instance-cluster.plan.ts";
import { postgresInstanceRds } from "./postgres/postgres-instance-rds.plan.ts";
import { postgresRds } from "./postgres/postgres-rds.plan.ts";
import { redisCluster } from "./redis/redis-cluster.plan.ts";
import { redisElasticache } from "./redis/redis-elasticache.plan.ts";
import { route } from "./route/driver.plan.ts";
import { routeAlb } from "./route/route-alb.plan.ts";
import { s3Aws } from "./s3/s3-aws.plan.ts";
import { s3Cluster } from "./s3/s3-cluster.plan.ts";
import { secretAws } from "./secret/secret-aws.plan.ts";
import { secretCluster } from "./secret/secret-cluster.plan.ts";
import { servicePort } from "./service-port/service-port.plan.ts";
import { service } from "./service/service.plan.ts";
import { sns } from "./sns/sns.plan.ts";
import { sqs } from "./sqs/sqs.plan.ts";
import { volumeAws } from "./volume/volume-aws.plan.ts";
import { volumeCluster } from "./volume/volume-cluster.plan.ts";
import { volumeTemporary } from "./volume/volume-temporary.plan.ts";

/** Every driver's pure face. An environment's resource rules choose among them by name. */
export const CATALOG: readonly Driver[] = [
  amqpCluster,
  amqpMq,
  dns,
  dnsRoute53,
  dynamodb,
  endpoint,
  environment,
  horizontalPodAutoscaler,
  kafkaTopicCluster,
  kafkaTopicMsk,
  llmModel,
  mongodbCluster,
  mongodbDocdb,
  mssqlCluster,
  mysqlCluster,
  mysqlRds,
  postgresCluster,
  postgresInstanceCluster,
  postgresInstanceRds,
  postgresRds,
  redisCluster,
  redisElasticache,
  route,
  routeAlb,
  s3Aws,
  s3Cluster,
  secretAws,
  secretCluster,
  service,
  servicePort,
  sns,
  sqs,
  volumeAws,
  volumeCluster,
  volumeTemporary,
];

/** The driver of a name, or undefined. */
export const findDriver = (name: string): Driver | undefined =>
  CATALOG.find((face) => face.name === name);
