import { listAt } from "../../kubernetes/json.ts";
import { shortRegion } from "./network.ts";
import { BEGINNING, byInput, byName, type Form, type FormOf, type Scene } from "./scene.ts";

const PORTS: Readonly<Record<string, number>> = {
  postgres: 5432,
  mysql: 3306,
  mariadb: 3306,
  oracle: 1521,
  sqlserver: 1433,
};

/** The secret that AWS makes and rotates, where it was asked to. */
function masterUserSecrets(scene: Scene, property: string, kind: string): object {
  if (scene.given[property] !== true) return { masterUserSecrets: [] };
  const name = `rds!${kind}-${scene.chance.uuid("master")}-${scene.chance.lower(6, "master")}`;
  const own = scene.arn("kms", `key/${scene.chance.uuid("key")}`);
  return {
    masterUserSecrets: [
      {
        secretArn: scene.arn("secretsmanager", `secret:${name}`),
        secretStatus: "active",
        kmsKeyId: scene.or("masterUserSecretKmsKeyId", own),
      },
    ],
  };
}

function instance(scene: Scene, port: number, more: object = {}): Form["outputs"] {
  const zone = scene.chance.lower(12, scene.account);
  const address = `${scene.name}.${zone}.${scene.region}.rds.amazonaws.com`;
  return {
    arn: scene.arn("rds", `db:${scene.name}`),
    address,
    endpoint: `${address}:${port}`,
    port,
    hostedZoneId: `Z${scene.chance.upper(13)}`,
    availabilityZone: scene.or("availabilityZone", `${scene.region}a`),
    engineVersionActual: scene.text("engineVersion"),
    ...more,
  };
}

/** Databases, caches, queues, topics and tables. */
export const DATA: Readonly<Record<string, FormOf>> = {
  "rds/instance:Instance": (scene) => {
    const engine = scene.text("engine").split("-")[0] ?? "";
    const port = Number(scene.or("port", PORTS[engine] ?? 5432));
    const id = `db-${scene.chance.upper(26)}`;
    const more = {
      resourceId: id,
      status: "available",
      replicas: [],
      listenerEndpoints: [],
      ...masterUserSecrets(scene, "manageMasterUserPassword", "db"),
    };
    return { id, outputs: { ...instance(scene, port, more) } };
  },
  "rds/subnetGroup:SubnetGroup": byName("rds", "subgrp:"),
  "rds/parameterGroup:ParameterGroup": byName("rds", "pg:"),
  "rds/optionGroup:OptionGroup": byName("rds", "og:"),
  "docdb/cluster:Cluster": (scene) => {
    const zone = scene.chance.lower(12);
    const host = (kind: string): string =>
      `${scene.name}.${kind}-${zone}.${scene.region}.docdb.amazonaws.com`;
    return {
      id: scene.name,
      outputs: {
        arn: scene.arn("rds", `cluster:${scene.name}`),
        endpoint: host("cluster"),
        readerEndpoint: host("cluster-ro"),
        hostedZoneId: `Z${scene.chance.upper(13)}`,
        clusterResourceId: `cluster-${scene.chance.upper(26)}`,
        clusterMembers: scene.or("clusterMembers", []),
        port: scene.or("port", 27017),
        ...masterUserSecrets(scene, "manageMasterUserPassword", "cluster"),
      },
    };
  },
  "docdb/clusterInstance:ClusterInstance": (scene) => {
    const address = `${scene.name}.${scene.chance.lower(12)}.${scene.region}.docdb.amazonaws.com`;
    return {
      id: scene.name,
      outputs: {
        arn: scene.arn("rds", `db:${scene.name}`),
        endpoint: address,
        port: 27017,
        dbiResourceId: `db-${scene.chance.upper(26)}`,
        storageEncrypted: true,
        writer: true,
      },
    };
  },
  "docdb/subnetGroup:SubnetGroup": byName("rds", "subgrp:"),
  "docdb/clusterParameterGroup:ClusterParameterGroup": byName("rds", "cluster-pg:"),
  "elasticache/replicationGroup:ReplicationGroup": (scene) => {
    const tail = `${scene.chance.lower(6)}.${shortRegion(scene.region)}.cache.amazonaws.com`;
    const encrypted = scene.given["transitEncryptionEnabled"] === true;
    const clustered =
      scene.given["clusterMode"] === "enabled" || Number(scene.or("numNodeGroups", 1)) > 1;
    const nodes = Number(
      scene.or(
        "numCacheClusters",
        Number(scene.or("numNodeGroups", 1)) * (1 + Number(scene.or("replicasPerNodeGroup", 0))),
      ),
    );
    const plain = (kind: string): string => `${scene.name}${kind}.${tail}`;
    return {
      id: scene.name,
      outputs: {
        arn: scene.arn("elasticache", `replicationgroup:${scene.name}`),
        clusterEnabled: clustered,
        engineVersionActual: scene.text("engineVersion"),
        numCacheClusters: nodes,
        port: scene.or("port", 6379),
        memberClusters: Array.from(
          { length: nodes },
          (_, i) => `${scene.name}-${String(i + 1).padStart(3, "0")}`,
        ),
        ...(clustered
          ? {
              configurationEndpointAddress: encrypted
                ? `clustercfg.${scene.name}.${tail}`
                : plain(""),
            }
          : {
              primaryEndpointAddress: encrypted
                ? `master.${scene.name}.${tail}`
                : plain(".ng.0001"),
              readerEndpointAddress: encrypted ? `replica.${scene.name}.${tail}` : plain("-ro"),
            }),
      },
    };
  },
  "elasticache/subnetGroup:SubnetGroup": byName("elasticache", "subnetgroup:"),
  "elasticache/parameterGroup:ParameterGroup": byName("elasticache", "parametergroup:"),
  "elasticache/user:User": byName("elasticache", "user:"),
  "elasticache/userGroup:UserGroup": byName("elasticache", "usergroup:"),
  "dynamodb/table:Table": (scene) => {
    const arn = scene.arn("dynamodb", `table/${scene.name}`);
    const label = BEGINNING.replace("Z", ".000");
    return {
      id: scene.name,
      outputs: {
        arn,
        ...(scene.given["streamEnabled"] === true
          ? { streamArn: `${arn}/stream/${label}`, streamLabel: label }
          : { streamArn: "", streamLabel: "" }),
      },
    };
  },
  "sqs/queue:Queue": (scene) => {
    const url = `https://sqs.${scene.region}.amazonaws.com/${scene.account}/${scene.name}`;
    return { id: url, outputs: { url, arn: scene.arn("sqs", scene.name) } };
  },
  "sqs/queuePolicy:QueuePolicy": byInput("queueUrl"),
  "sqs/redrivePolicy:RedrivePolicy": byInput("queueUrl"),
  "sqs/redriveAllowPolicy:RedriveAllowPolicy": byInput("queueUrl"),
  "sns/topic:Topic": (scene) => {
    const arn = scene.arn("sns", scene.name);
    return { id: arn, outputs: { arn, owner: scene.account, beginningArchiveTime: "" } };
  },
  "sns/topicPolicy:TopicPolicy": (scene) => ({
    id: scene.text("arn"),
    outputs: { owner: scene.account },
  }),
  "sns/topicSubscription:TopicSubscription": (scene) => {
    const arn = `${scene.text("topic")}:${scene.chance.uuid()}`;
    return {
      id: arn,
      outputs: {
        arn,
        ownerId: scene.account,
        confirmationWasAuthenticated: true,
        pendingConfirmation: false,
      },
    };
  },
  "msk/cluster:Cluster": (scene) => {
    const uuid = `${scene.chance.uuid()}-${1 + scene.chance.number(20)}`;
    const short = scene.chance.lower(6);
    const brokers = (port: number): string =>
      Array.from(
        { length: Math.min(3, Number(scene.or("numberOfBrokerNodes", 3))) },
        (_, i) =>
          `b-${i + 1}.${scene.text("clusterName").slice(0, 15)}.${short}.c${scene.chance.number(9)}.kafka.${scene.region}.amazonaws.com:${port}`,
      ).join(",");
    const arn = scene.arn("kafka", `cluster/${scene.name}/${uuid}`);
    return {
      id: arn,
      outputs: {
        arn,
        clusterUuid: uuid,
        currentVersion: `K${scene.chance.upper(13)}`,
        bootstrapBrokers: brokers(9092),
        bootstrapBrokersTls: brokers(9094),
        bootstrapBrokersSaslScram: brokers(9096),
        bootstrapBrokersSaslIam: brokers(9098),
        zookeeperConnectString: "",
        zookeeperConnectStringTls: "",
      },
    };
  },
  "msk/serverlessCluster:ServerlessCluster": (scene) => {
    const uuid = `${scene.chance.uuid()}-s1`;
    const arn = scene.arn("kafka", `cluster/${scene.name}/${uuid}`);
    return {
      id: arn,
      outputs: {
        arn,
        clusterUuid: uuid,
        bootstrapBrokersSaslIam: `boot-${scene.chance.lower(8)}.c1.kafka-serverless.${scene.region}.amazonaws.com:9098`,
      },
    };
  },
  "msk/configuration:Configuration": (scene) => {
    const arn = scene.arn("kafka", `configuration/${scene.name}/${scene.chance.uuid()}-1`);
    return { id: arn, outputs: { arn, latestRevision: 1 } };
  },
  "msk/scramSecretAssociation:ScramSecretAssociation": byInput("clusterArn"),
  "msk/topic:Topic": (scene) => {
    const name = scene.text("name") || scene.text("topicName");
    const arn = `${scene.text("clusterArn").replace(":cluster/", ":topic/")}/${name}`;
    return { id: `${scene.text("clusterArn")},${name}`, outputs: { arn } };
  },
  "mq/broker:Broker": (scene) => {
    const id = `b-${scene.chance.uuid()}`;
    const rabbit = scene.text("engineType").toUpperCase() === "RABBITMQ";
    const host = `${id}.mq.${scene.region}.on.aws`;
    const endpoints = rabbit
      ? [`amqps://${host}:5671`]
      : [`ssl://${host}:61617`, `amqp+ssl://${host}:5671`, `stomp+ssl://${host}:61614`];
    const consoleUrl = `https://${host}${rabbit ? "" : ":8162"}`;
    return {
      id,
      outputs: {
        arn: scene.arn("mq", `broker:${scene.name}:${id}`),
        instances: [{ consoleUrl, endpoints, ipAddress: "" }],
      },
    };
  },
  "mq/configuration:Configuration": (scene) => {
    const id = `c-${scene.chance.uuid()}`;
    return { id, outputs: { arn: scene.arn("mq", `configuration:${id}`), latestRevision: 1 } };
  },
  "backup/vault:Vault": (scene) => ({
    id: scene.name,
    outputs: {
      arn: scene.arn("backup", `backup-vault:${scene.name}`),
      recoveryPoints: 0,
      kmsKeyArn: scene.or("kmsKeyArn", scene.arn("kms", `key/${scene.chance.uuid()}`)),
    },
  }),
  "backup/plan:Plan": (scene) => {
    const id = scene.chance.uuid();
    return {
      id,
      outputs: { arn: scene.arn("backup", `backup-plan:${id}`), version: scene.chance.lower(48) },
    };
  },
  "backup/selection:Selection": (scene) => ({
    id: scene.chance.uuid(),
    outputs: { resources: scene.or("resources", listAt(scene.given, "resources")) },
  }),
};
