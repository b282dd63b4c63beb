import type { Driver } from "../stacks/contract/driver.ts";
import { amqpCluster } from "./amqp/amqp-cluster.plan.ts";
import { dns } from "./dns/dns.plan.ts";
import { endpoint } from "./endpoint/endpoint.plan.ts";
import { environment } from "./environment/environment.plan.ts";
import { horizontalPodAutoscaler } from "./horizontal-pod-autoscaler/horizontal-pod-autoscaler.plan.ts";
import { llmModel } from "./llm-model/llm-model.plan.ts";
import { mongodbCluster } from "./mongodb/mongodb-cluster.plan.ts";
import { mongodbDocdb } from "./mongodb/mongodb-docdb.plan.ts";
import { mysqlCluster } from "./mysql/mysql-cluster.plan.ts";
import { mysqlRds } from "./mysql/mysql-rds.plan.ts";
import { postgresCluster } from "./postgres/postgres-cluster.plan.ts";
import { postgresInstanceCluster } from "./postgres/postgres-instance-cluster.plan.ts";
import { postgresInstanceRds } from "./postgres/postgres-instance-rds.plan.ts";
import { postgresRds } from "./postgres/postgres-rds.plan.ts";
import { redisCluster } from "./redis/redis-cluster.plan.ts";
import { redisElasticache } from "./redis/redis-elasticache.plan.ts";
import { route } from "./route/driver.plan.ts";
import { s3Cluster } from "./s3/s3-cluster.plan.ts";
import { secretCluster } from "./secret/secret-cluster.plan.ts";
import { servicePort } from "./service-port/service-port.plan.ts";
import { service } from "./service/service.plan.ts";
import { volumeCluster } from "./volume/volume-cluster.plan.ts";
import { volumeTemporary } from "./volume/volume-temporary.plan.ts";

/** Every driver's pure face. An environment's resource rules choose among them by name. */
export const CATALOG: readonly Driver[] = [
  amqpCluster,
  dns,
  endpoint,
  environment,
  horizontalPodAutoscaler,
  llmModel,
  mongodbCluster,
  mongodbDocdb,
  mysqlCluster,
  mysqlRds,
  postgresCluster,
  postgresInstanceCluster,
  postgresInstanceRds,
  postgresRds,
  redisCluster,
  redisElasticache,
  route,
  s3Cluster,
  secretCluster,
  service,
  servicePort,
  volumeCluster,
  volumeTemporary,
];

/** The driver of a name, or undefined. */
export const findDriver = (name: string): Driver | undefined =>
  CATALOG.find((face) => face.name === name);
