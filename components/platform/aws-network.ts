import { LogGroup } from "@pulumi/aws/cloudwatch/logGroup.js";
import { DefaultSecurityGroup } from "@pulumi/aws/ec2/defaultSecurityGroup.js";
import { Eip } from "@pulumi/aws/ec2/eip.js";
import { FlowLog } from "@pulumi/aws/ec2/flowLog.js";
import { InternetGateway } from "@pulumi/aws/ec2/internetGateway.js";
import { NatGateway } from "@pulumi/aws/ec2/natGateway.js";
import { Route } from "@pulumi/aws/ec2/route.js";
import { RouteTable } from "@pulumi/aws/ec2/routeTable.js";
import { RouteTableAssociation } from "@pulumi/aws/ec2/routeTableAssociation.js";
import { SecurityGroup } from "@pulumi/aws/ec2/securityGroup.js";
import { Subnet, type SubnetArgs } from "@pulumi/aws/ec2/subnet.js";
import { Vpc, type VpcArgs } from "@pulumi/aws/ec2/vpc.js";
import { VpcEndpoint, type VpcEndpointArgs } from "@pulumi/aws/ec2/vpcEndpoint.js";
import { Role } from "@pulumi/aws/iam/role.js";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy.js";
import { SecurityGroupIngressRule } from "@pulumi/aws/vpc/securityGroupIngressRule.js";
import { type ComponentResourceOptions, type Output, all, interpolate } from "@pulumi/pulumi";
import { FairwayComponent, type Transform } from "../base/component.ts";
import { assumedBy, document } from "../base/policy.ts";
import type { AwsNetworkSpec } from "./aws.plan.ts";

/** Arguments of a network. */
export type AwsNetworkArgs = AwsNetworkSpec & {
  readonly transforms?: {
    readonly vpc?: Transform<VpcArgs>;
    /** Every subnet; a function sees the name. */
    readonly subnet?: Transform<SubnetArgs>;
    /** Every endpoint; a function sees the name. */
    readonly endpoint?: Transform<VpcEndpointArgs>;
  };
};

type Kind = "private" | "public" | "database";

/** A VPC over several zones, whose databases have no way out. Example: `examples/aws-network.ts`. */
export class AwsNetwork extends FairwayComponent {
  static readonly type = "fairway:platform:AwsNetwork";
  readonly vpcId: Output<string>;
  /** Ids joined by commas, in the order of zones. */
  readonly subnets: Readonly<Record<Kind, Output<string>>>;

  constructor(name: string, args: AwsNetworkArgs, opts?: ComponentResourceOptions) {
    super(AwsNetwork.type, name, opts);
    const vpc = this.child(
      "vpc",
      Vpc,
      {
        cidrBlock: args.cidr,
        enableDnsHostnames: true,
        enableDnsSupport: true,
        tags: { Name: args.name },
      },
      args.transforms?.vpc,
    );
    // Without rules: whoever forgets a security group reaches nothing.
    this.child("default", DefaultSecurityGroup, { vpcId: vpc.id, ingress: [], egress: [] });
    const subnets = {
      private: this.#subnets("private", vpc, args),
      public: this.#subnets("public", vpc, args),
      database: this.#subnets("database", vpc, args),
    };
    const tables = this.#routes(vpc, subnets, args);
    this.#endpoints(vpc, subnets.private, tables, args);
    this.#flowLogs(vpc, args);
    this.vpcId = vpc.id;
    this.subnets = {
      private: joined(subnets.private),
      public: joined(subnets.public),
      database: joined(subnets.database),
    };
    this.registerOutputs({ vpcId: vpc.id });
  }

  #subnets(kind: Kind, vpc: Vpc, args: AwsNetworkArgs): Subnet[] {
    return args.zones.map((zone) =>
      this.child(
        `${kind}-${zone.zone}`,
        Subnet,
        {
          vpcId: vpc.id,
          availabilityZone: zone.zone,
          cidrBlock: zone[kind],
          mapPublicIpOnLaunch: false,
          tags: { Name: `${args.name}-${kind}-${zone.zone}`, ...FOUND_BY[kind] },
        },
        args.transforms?.subnet,
      ),
    );
  }

  /** Ways out: public subnets by the gateway, private ones by NAT, isolated ones none. */
  #routes(vpc: Vpc, subnets: Record<Kind, Subnet[]>, { name, zones, nat }: AwsNetworkArgs) {
    const table = (suffix: string): RouteTable =>
      this.child(`routes-${suffix}`, RouteTable, {
        vpcId: vpc.id,
        tags: { Name: `${name}-${suffix}` },
      });
    const gateway = this.child("internet", InternetGateway, {
      vpcId: vpc.id,
      tags: { Name: name },
    });
    const shared = { public: table("public"), database: table("database") };
    const out = { destinationCidrBlock: "0.0.0.0/0" };
    this.child("way-public", Route, {
      ...out,
      routeTableId: shared.public.id,
      gatewayId: gateway.id,
    });
    const gateways = zones.slice(0, nat === "none" ? 0 : nat === "one" ? 1 : zones.length);
    const nats = gateways.map(({ zone }, index) => {
      const address = this.child(`nat-address-${zone}`, Eip, {
        domain: "vpc",
        tags: { Name: `${name}-nat-${zone}` },
      });
      return this.child(
        `nat-${zone}`,
        NatGateway,
        {
          subnetId: subnets.public[index]!.id,
          allocationId: address.id,
          tags: { Name: `${name}-${zone}` },
        },
        undefined,
        { dependsOn: [gateway] },
      );
    });
    const own = zones.map(({ zone }, index) => {
      const routes = table(`private-${zone}`);
      const way = nats[index] ?? nats[0];
      if (way)
        this.child(`way-${zone}`, Route, {
          ...out,
          routeTableId: routes.id,
          natGatewayId: way.id,
        });
      return routes;
    });
    zones.forEach(({ zone }, index) => {
      const of = { private: own[index]!, public: shared.public, database: shared.database };
      for (const kind of ["private", "public", "database"] as const)
        this.child(`in-${kind}-${zone}`, RouteTableAssociation, {
          subnetId: subnets[kind][index]!.id,
          routeTableId: of[kind].id,
        });
    });
    return own;
  }

  #endpoints(vpc: Vpc, subnets: Subnet[], tables: RouteTable[], args: AwsNetworkArgs): void {
    const { name, region, cidr, gateways, interfaces, transforms = {} } = args;
    const endpoint = (service: string, of: Omit<VpcEndpointArgs, "vpcId" | "serviceName">) =>
      this.child(
        `endpoint-${service.replaceAll(".", "-")}`,
        VpcEndpoint,
        {
          vpcId: vpc.id,
          serviceName: `com.amazonaws.${region}.${service}`,
          tags: { Name: `${name}-${service}` },
          ...of,
        },
        transforms.endpoint,
      );
    for (const service of gateways)
      endpoint(service, { vpcEndpointType: "Gateway", routeTableIds: tables.map(({ id }) => id) });
    if (interfaces.length === 0) return;
    const wall = this.child("endpoints", SecurityGroup, {
      name: `${name}-endpoints`,
      description: "Endpoints of AWS services",
      vpcId: vpc.id,
      revokeRulesOnDelete: true,
    });
    this.child("endpoints-https", SecurityGroupIngressRule, {
      securityGroupId: wall.id,
      description: "HTTPS from the network",
      cidrIpv4: cidr,
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
    });
    for (const service of interfaces)
      endpoint(service, {
        vpcEndpointType: "Interface",
        privateDnsEnabled: true,
        subnetIds: subnets.map(({ id }) => id),
        securityGroupIds: [wall.id],
      });
  }

  #flowLogs(vpc: Vpc, { name, flowLogs }: AwsNetworkArgs): void {
    const group = this.child("flow-logs", LogGroup, {
      name: `/fairway/${name}/flow-logs`,
      retentionInDays: flowLogs,
    });
    const role = this.child("flow-logs-role", Role, {
      name: `${name}-flow-logs`,
      path: "/fairway/",
      assumeRolePolicy: assumedBy("vpc-flow-logs.amazonaws.com"),
    });
    const policy = this.child("flow-logs-policy", RolePolicy, {
      name: "write",
      role: role.name,
      policy: document([
        {
          Effect: "Allow",
          Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
          Resource: [group.arn, interpolate`${group.arn}:*`],
        },
      ]),
    });
    this.child(
      "flow-log",
      FlowLog,
      {
        vpcId: vpc.id,
        trafficType: "ALL",
        logDestinationType: "cloud-watch-logs",
        logDestination: group.arn,
        iamRoleArn: role.arn,
        maxAggregationInterval: 60,
        tags: { Name: name },
      },
      undefined,
      { dependsOn: [policy] },
    );
  }
}

/** Tags by which load balancers find their subnets: https://docs.aws.amazon.com/eks/latest/userguide/network-load-balancing.html */
const FOUND_BY: Readonly<Record<Kind, Readonly<Record<string, string>>>> = {
  private: { "kubernetes.io/role/internal-elb": "1" },
  public: { "kubernetes.io/role/elb": "1" },
  database: {},
};

const joined = (subnets: readonly Subnet[]): Output<string> =>
  all(subnets.map(({ id }) => id)).apply((ids) => ids.join(","));
