import type { Text } from "../../stacks/contract/value.ts";

/** A VPC over zones: private, public and isolated subnets. */
export interface AwsNetworkSpec {
  /** Prefix of names: `fairway-<environment>`. */
  readonly name: string;
  readonly region: string;
  readonly cidr: string;
  /** Name of the cluster whose load balancers are found by the subnets' tags. */
  readonly cluster: string;
  /** A zone each: its name and the addresses of its subnets. */
  readonly zones: readonly {
    readonly zone: string;
    readonly private: string;
    readonly public: string;
    readonly database: string;
  }[];
  readonly nat: "none" | "one" | "zone";
  /** Services reached through gateways, which cost nothing. */
  readonly gateways: readonly string[];
  /** Services reached through network interfaces. */
  readonly interfaces: readonly string[];
  /** Days that flow logs are kept. */
  readonly flowLogs: number;
}

/** Keys by data class. */
export interface AwsKeysSpec {
  readonly account: string;
  /** Key by its class, with its alias. */
  readonly keys: readonly { readonly dataClass: string; readonly alias: string }[];
}

/** An EKS cluster with its nodes and add-ons. Lists of ids are joined by commas. */
export interface AwsClusterSpec<T = Text> {
  /** Prefix of names: `fairway-<environment>`. */
  readonly prefix: string;
  readonly name: string;
  readonly version: string;
  /** After the version's standard support AWS upgrades by itself, or keeps it for a year more. */
  readonly support: "standard" | "extended";
  readonly subnets: T;
  /** Addresses that may call the API server from outside; absent: none. */
  readonly publicCidrs?: readonly string[];
  /** Key that encrypts Secrets. */
  readonly secretsKey: T;
  /** Keys that encrypt disks. */
  readonly diskKeys: readonly T[];
  /** Days that the control plane's logs are kept. */
  readonly logs: number;
  readonly protect: boolean;
  /** Who may do what in the cluster: roles that `fairway bootstrap` makes. */
  readonly access: readonly { readonly role: string; readonly policy: string }[];
  /** On what EC2 makes for managed nodes: instances and their disks. */
  readonly tags: Readonly<Record<string, string>>;
  /** Managed nodes; absent: Auto Mode brings its own. */
  readonly nodes?: {
    readonly instanceTypes: readonly string[];
    readonly arm: boolean;
    readonly min: number;
    readonly max: number;
    /** GiB of each. */
    readonly disk: number;
  };
}

/** Shared files of EFS, one file system for all claims of an environment. */
export interface AwsFilesSpec<T = Text> {
  readonly name: string;
  readonly vpcId: T;
  /** Ids joined by commas, as many as `zones`. */
  readonly subnets: T;
  readonly zones: number;
  readonly key: T;
  readonly clusterSecurityGroup: T;
}

/** Zone and certificate of an environment's domain. */
export interface AwsDomainSpec {
  readonly domain: string;
}

/** What an account needs once for all services of an environment. */
export interface AwsDefaultsSpec<T = Text> {
  /** Ids of the isolated subnets joined by commas. */
  readonly databaseSubnets: T;
  readonly subnetGroups: {
    readonly rds: string;
    readonly elasticache: string;
    readonly docdb: string;
  };
  readonly account: string;
  /** Bucket of the access logs of all other buckets. */
  readonly logBucket: string;
  /** Days that access logs are kept. */
  readonly logs: number;
}

/** Kubernetes objects that only clusters of EKS have. */
export interface EksObjectsSpec<T = Text> {
  readonly labels: Readonly<Record<string, string>>;
  readonly mode: "auto" | "managed";
  /** On load balancers and what belongs to them. */
  readonly tags: Readonly<Record<string, string>>;
  /** IngressClasses, the first for the internet, and the load balancer that each shares. */
  readonly ingressClasses: readonly {
    readonly name: string;
    readonly scheme: "internet-facing" | "internal";
    readonly group: string;
  }[];
  /** StorageClasses of disks: name, key, and what is on each disk. */
  readonly disks: readonly {
    readonly name: string;
    readonly key: T;
    readonly tags: Readonly<Record<string, string>>;
  }[];
  /** What becomes of a disk whose claim is deleted. */
  readonly reclaim: "Retain" | "Delete";
  readonly files: { readonly name: string; readonly fileSystemId: T };
  readonly certificateArn: T;
  /** AWS Load Balancer Controller; absent: the cluster brings one. */
  readonly controller?: {
    readonly cluster: string;
    readonly region: string;
    readonly vpcId: T;
    readonly image: string;
  };
}
