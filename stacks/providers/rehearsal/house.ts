import type { Program } from "../kubernetes/harness.ts";
import { secret } from "@pulumi/pulumi";
import { Certificate } from "@pulumi/aws/acm/certificate.js";
import { LogGroup } from "@pulumi/aws/cloudwatch/logGroup.js";
import { Table } from "@pulumi/aws/dynamodb/table.js";
import { Eip } from "@pulumi/aws/ec2/eip.js";
import { FlowLog } from "@pulumi/aws/ec2/flowLog.js";
import { InternetGateway } from "@pulumi/aws/ec2/internetGateway.js";
import { NatGateway } from "@pulumi/aws/ec2/natGateway.js";
import { Route } from "@pulumi/aws/ec2/route.js";
import { RouteTable } from "@pulumi/aws/ec2/routeTable.js";
import { RouteTableAssociation } from "@pulumi/aws/ec2/routeTableAssociation.js";
import { SecurityGroup } from "@pulumi/aws/ec2/securityGroup.js";
import { Subnet } from "@pulumi/aws/ec2/subnet.js";
import { Vpc } from "@pulumi/aws/ec2/vpc.js";
import { VpcEndpoint } from "@pulumi/aws/ec2/vpcEndpoint.js";
import { ReplicationGroup } from "@pulumi/aws/elasticache/replicationGroup.js";
import { SubnetGroup as CacheSubnets } from "@pulumi/aws/elasticache/subnetGroup.js";
import { getPolicyDocumentOutput } from "@pulumi/aws/iam/getPolicyDocument.js";
import { Role } from "@pulumi/aws/iam/role.js";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy.js";
import { Alias } from "@pulumi/aws/kms/alias.js";
import { Key } from "@pulumi/aws/kms/key.js";
import { Broker } from "@pulumi/aws/mq/broker.js";
import { Provider } from "@pulumi/aws/provider.js";
import { Instance } from "@pulumi/aws/rds/instance.js";
import { ParameterGroup } from "@pulumi/aws/rds/parameterGroup.js";
import { SubnetGroup } from "@pulumi/aws/rds/subnetGroup.js";
import { Record as DnsRecord } from "@pulumi/aws/route53/record.js";
import { Zone } from "@pulumi/aws/route53/zone.js";
import { Bucket } from "@pulumi/aws/s3/bucket.js";
import { BucketPolicy } from "@pulumi/aws/s3/bucketPolicy.js";
import { BucketPublicAccessBlock } from "@pulumi/aws/s3/bucketPublicAccessBlock.js";
import { BucketVersioning } from "@pulumi/aws/s3/bucketVersioning.js";
import { Secret } from "@pulumi/aws/secretsmanager/secret.js";
import { SecretVersion } from "@pulumi/aws/secretsmanager/secretVersion.js";
import { Topic } from "@pulumi/aws/sns/topic.js";
import { TopicSubscription } from "@pulumi/aws/sns/topicSubscription.js";
import { Queue } from "@pulumi/aws/sqs/queue.js";
import { QueuePolicy } from "@pulumi/aws/sqs/queuePolicy.js";
import { SecurityGroupEgressRule } from "@pulumi/aws/vpc/securityGroupEgressRule.js";
import { SecurityGroupIngressRule } from "@pulumi/aws/vpc/securityGroupIngressRule.js";

/** A text that may stand in no state, event or file. For tests. */
export const PLANTED = "hunter2-planted-secret";

/** What a test varies. */
export interface Variation {
  engine?: string;
  /** Default tags of the first of two providers. */
  tags?: Record<string, string>;
  identifier?: string;
}

/** Resources of the house below, providers not counted. */
export const RESOURCES = 63;

/** A network, data stores and an identity in two regions through two providers, for tests. */
export function house(variation: Variation = {}): Program {
  return () => {
    const account = { allowedAccountIds: ["111122223333"] };
    const provider = new Provider("main", {
      ...account,
      region: "eu-central-1",
      defaultTags: { tags: variation.tags ?? { team: "main" } },
    });
    const other = new Provider("other", {
      ...account,
      region: "eu-west-1",
      defaultTags: { tags: { team: "other" } },
    });
    const here = { provider };
    const zones = ["a", "b", "c"];
    const vpc = new Vpc("vpc", { cidrBlock: "10.0.0.0/16", tags: { Name: "vpc" } }, here);
    const vpcId = vpc.id;
    const gateway = new InternetGateway("gateway", { vpcId }, here);
    const outside = new RouteTable("outside", { vpcId }, here);
    new Route(
      "out",
      { routeTableId: outside.id, destinationCidrBlock: "0.0.0.0/0", gatewayId: gateway.id },
      here,
    );
    const inside = zones.map((zone, i) => {
      const at = { vpcId, availabilityZone: `eu-central-1${zone}` };
      const front = new Subnet(`front-${zone}`, { ...at, cidrBlock: `10.0.${i}.0/24` }, here);
      const back = new Subnet(`back-${zone}`, { ...at, cidrBlock: `10.0.${16 + i}.0/24` }, here);
      const address = new Eip(`address-${zone}`, { domain: "vpc" }, here);
      const nat = new NatGateway(
        `nat-${zone}`,
        { allocationId: address.id, subnetId: front.id },
        here,
      );
      const table = new RouteTable(`table-${zone}`, { vpcId }, here);
      const toNat = { routeTableId: table.id, natGatewayId: nat.id };
      new Route(`nat-${zone}`, { ...toNat, destinationCidrBlock: "0.0.0.0/0" }, here);
      const associate = { routeTableId: table.id, subnetId: back.id };
      new RouteTableAssociation(`association-${zone}`, associate, here);
      return back.id;
    });
    const group = new SecurityGroup("group", { vpcId, name: "data", description: "data" }, here);
    const rule = { securityGroupId: group.id, cidrIpv4: "10.0.0.0/16", ipProtocol: "tcp" };
    new SecurityGroupIngressRule("in", { ...rule, fromPort: 5432, toPort: 5432 }, here);
    new SecurityGroupEgressRule("out", { ...rule, ipProtocol: "-1" }, here);
    new VpcEndpoint("s3", { vpcId, serviceName: "com.amazonaws.eu-central-1.s3" }, here);
    const key = new Key("key", { enableKeyRotation: true }, here);
    new Alias("alias", { name: "alias/data", targetKeyId: key.keyId }, here);
    const logs = new LogGroup("logs", { name: "/vpc/flow", retentionInDays: 30 }, here);
    const trust = getPolicyDocumentOutput(
      {
        statements: [
          {
            actions: ["sts:AssumeRole"],
            principals: [{ type: "Service", identifiers: ["vpc-flow-logs.amazonaws.com"] }],
          },
        ],
      },
      here,
    );
    const role = new Role("role", { name: "flow", assumeRolePolicy: trust.json }, here);
    const may = (actions: string[], resource: string): string =>
      JSON.stringify({ Statement: [{ Effect: "Allow", Action: actions, Resource: resource }] });
    const writes = logs.arn.apply((arn) => may(["logs:PutLogEvents"], arn));
    new RolePolicy("role", { role: role.name, policy: writes }, here);
    const flow = { logDestination: logs.arn, iamRoleArn: role.arn, trafficType: "ALL" };
    new FlowLog("flow", { ...flow, vpcId }, here);

    const subnets = new SubnetGroup("subnets", { name: "data", subnetIds: inside }, here);
    const parameters = { name: "pg", family: "postgres17" };
    const forced = new ParameterGroup("parameters", parameters, here);
    const db = new Instance(
      "db",
      {
        identifier: variation.identifier ?? "db",
        engine: variation.engine ?? "postgres",
        instanceClass: "db.t4g.micro",
        allocatedStorage: 20,
        username: "app",
        password: secret(PLANTED),
        dbSubnetGroupName: subnets.name,
        parameterGroupName: forced.name,
        vpcSecurityGroupIds: [group.id],
        kmsKeyId: key.arn,
        storageEncrypted: true,
        skipFinalSnapshot: true,
      },
      here,
    );
    const cacheSubnets = new CacheSubnets("cache", { name: "data", subnetIds: inside }, here);
    new ReplicationGroup(
      "cache",
      {
        replicationGroupId: "cache",
        description: "cache",
        nodeType: "cache.t4g.micro",
        numCacheClusters: 2,
        automaticFailoverEnabled: true,
        transitEncryptionEnabled: true,
        authToken: secret(`${PLANTED}-token`),
        subnetGroupName: cacheSubnets.name,
      },
      here,
    );
    const at = { engineType: "RabbitMQ", engineVersion: "3.13", hostInstanceType: "mq.m5.large" };
    const users = [{ username: "app", password: `${PLANTED}-nested` }];
    new Broker("mq", { brokerName: "mq", ...at, engineType: "RABBITMQ", users }, here);
    const attributes = [{ name: "id", type: "S" }];
    new Table(
      "table",
      { name: "table", hashKey: "id", attributes, billingMode: "PAY_PER_REQUEST" },
      here,
    );

    for (const [region, name] of [
      ["main", here],
      ["other", { provider: other }],
    ] as const) {
      const bucket = new Bucket(region, { bucket: `house-${region}` }, name);
      const versioningConfiguration = { status: "Enabled" };
      new BucketVersioning(region, { bucket: bucket.id, versioningConfiguration }, name);
      new BucketPublicAccessBlock(region, { bucket: bucket.id, blockPublicAcls: true }, name);
      const open = bucket.arn.apply((arn) => may(["s3:GetObject"], `${arn}/*`));
      new BucketPolicy(region, { bucket: bucket.id, policy: open }, name);
      const queue = new Queue(region, {}, name);
      const sends = queue.arn.apply((arn) => may(["sqs:SendMessage"], arn));
      new QueuePolicy(region, { queueUrl: queue.url, policy: sends }, name);
      const topic = new Topic(region, { name: `house-${region}` }, name);
      const subscription = { topic: topic.arn, protocol: "sqs", endpoint: queue.arn };
      new TopicSubscription(region, subscription, name);
    }
    const held = new Secret("held", { name: "held" }, here);
    new SecretVersion("held", { secretId: held.id, secretString: PLANTED }, here);
    const zone = new Zone("zone", { name: "house.example" }, here);
    const certificate = { domainName: "*.house.example", validationMethod: "DNS" };
    const { domainValidationOptions } = new Certificate("tls", certificate, here);
    new DnsRecord(
      "proof",
      {
        zoneId: zone.zoneId,
        name: domainValidationOptions.apply(([one]) => one?.resourceRecordName ?? ""),
        type: "CNAME",
        ttl: 60,
        records: [domainValidationOptions.apply(([one]) => one?.resourceRecordValue ?? "")],
      },
      here,
    );
    return { endpoint: db.endpoint, vpcId };
  };
}
