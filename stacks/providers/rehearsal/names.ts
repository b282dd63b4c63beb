/** The property by which AWS knows a resource, unique in its account and region, where it is not `name`. */
const NAMES: Readonly<Record<string, string | undefined>> = {
  "aws:s3/bucket:Bucket": "bucket",
  "aws:rds/instance:Instance": "identifier",
  "aws:docdb/cluster:Cluster": "clusterIdentifier",
  "aws:docdb/clusterInstance:ClusterInstance": "identifier",
  "aws:elasticache/replicationGroup:ReplicationGroup": "replicationGroupId",
  "aws:elasticache/user:User": "userId",
  "aws:elasticache/userGroup:UserGroup": "userGroupId",
  "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": "policyName",
  "aws:mq/broker:Broker": "brokerName",
  "aws:msk/cluster:Cluster": "clusterName",
  "aws:msk/serverlessCluster:ServerlessCluster": "clusterName",
  "aws:efs/fileSystem:FileSystem": "creationToken",
  "aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate": "prefix",
  "aws:ecr/pullThroughCacheRule:PullThroughCacheRule": "ecrRepositoryPrefix",
};

/** Types whose name is `name` and unique. */
const BY_NAME: ReadonlySet<string> = new Set(
  [
    "backup/vault:Vault",
    "cloudwatch/logGroup:LogGroup",
    "docdb/clusterParameterGroup:ClusterParameterGroup",
    "docdb/subnetGroup:SubnetGroup",
    "dynamodb/table:Table",
    "ecr/repository:Repository",
    "eks/cluster:Cluster",
    "elasticache/parameterGroup:ParameterGroup",
    "elasticache/subnetGroup:SubnetGroup",
    "iam/instanceProfile:InstanceProfile",
    "iam/policy:Policy",
    "iam/role:Role",
    "iam/user:User",
    "kms/alias:Alias",
    "lb/loadBalancer:LoadBalancer",
    "lb/targetGroup:TargetGroup",
    "ec2/launchTemplate:LaunchTemplate",
    "mq/configuration:Configuration",
    "msk/configuration:Configuration",
    "rds/optionGroup:OptionGroup",
    "rds/parameterGroup:ParameterGroup",
    "rds/subnetGroup:SubnetGroup",
    "secretsmanager/secret:Secret",
    "sns/topic:Topic",
    "sqs/queue:Queue",
  ].map((type) => `aws:${type}`),
);

/** The property that names a resource of the type uniquely; undefined where AWS makes the identity. */
export const nameOf = (type: string): string | undefined =>
  NAMES[type] ?? (BY_NAME.has(type) ? "name" : undefined);
