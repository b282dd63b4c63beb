import { BEGINNING, byInput, byName, type FormOf, type Scene } from "./scene.ts";

/** A form of IAM: known by its name, with a path in its ARN and a number with a prefix of its kind. */
const iam =
  (kind: string, prefix: string, number = "uniqueId"): FormOf =>
  (scene) => ({
    id: scene.name,
    outputs: {
      arn: scene.globalArn("iam", `${kind}${scene.or("path", "/")}${scene.name}`),
      [number]: `${prefix}${scene.chance.upper(17)}`,
      createDate: BEGINNING,
      managedPolicyArns: scene.or("managedPolicyArns", []),
      inlinePolicies: scene.or("inlinePolicies", []),
    },
  });

const eks = (scene: Scene, rest: string): string => scene.arn("eks", rest);

/** IAM, keys, secrets, logs, registries and Kubernetes clusters. */
export const IDENTITY: Readonly<Record<string, FormOf>> = {
  "iam/role:Role": iam("role", "AROA"),
  "iam/user:User": iam("user", "AIDA"),
  "iam/instanceProfile:InstanceProfile": iam("instance-profile", "AIPA"),
  "iam/policy:Policy": (scene) => {
    const form = iam("policy", "ANPA", "policyId")(scene);
    const arn = form.outputs?.["arn"] ?? "";
    return { id: String(arn), outputs: { ...form.outputs, attachmentCount: 0 } };
  },
  "iam/rolePolicy:RolePolicy": (scene) => ({ id: `${scene.text("role")}:${scene.name}` }),
  "iam/userPolicy:UserPolicy": (scene) => ({ id: `${scene.text("user")}:${scene.name}` }),
  "iam/rolePolicyAttachment:RolePolicyAttachment": (scene) => ({
    id: `${scene.text("role")}/${scene.text("policyArn")}`,
  }),
  "iam/userPolicyAttachment:UserPolicyAttachment": (scene) => ({
    id: `${scene.text("user")}/${scene.text("policyArn")}`,
  }),
  "iam/accessKey:AccessKey": (scene) => ({
    id: `AKIA${scene.chance.upper(16)}`,
    outputs: {
      secret: scene.chance.lower(40, "secret"),
      sesSmtpPasswordV4: scene.chance.lower(44, "smtp"),
      createDate: BEGINNING,
    },
  }),
  "iam/openIdConnectProvider:OpenIdConnectProvider": (scene) => {
    const host = scene.text("url").replace(/^https:\/\//, "");
    const arn = scene.globalArn("iam", `oidc-provider/${host}`);
    return {
      id: arn,
      outputs: { arn, thumbprintLists: scene.or("thumbprintLists", [scene.chance.hex(40)]) },
    };
  },
  "kms/key:Key": (scene) => {
    const id = scene.chance.uuid();
    const root = `arn:aws:iam::${scene.account}:root`;
    const policy = {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { AWS: root }, Action: "kms:*", Resource: "*" }],
    };
    return {
      id,
      outputs: {
        keyId: id,
        arn: scene.arn("kms", `key/${id}`),
        policy: scene.or("policy", JSON.stringify(policy)),
        multiRegion: scene.or("multiRegion", false),
      },
    };
  },
  "kms/alias:Alias": (scene) => {
    const key = scene.text("targetKeyId");
    return {
      id: scene.name,
      outputs: {
        arn: scene.arn("kms", scene.name),
        targetKeyArn: key.startsWith("arn:") ? key : scene.arn("kms", `key/${key}`),
      },
    };
  },
  "kms/keyPolicy:KeyPolicy": byInput("keyId"),
  "secretsmanager/secret:Secret": (scene) => {
    const arn = scene.arn("secretsmanager", `secret:${scene.name}-${scene.chance.lower(6)}`);
    return {
      id: arn,
      outputs: { arn, replicas: scene.or("replicas", []), policy: scene.or("policy", "") },
    };
  },
  "secretsmanager/secretVersion:SecretVersion": (scene) => {
    const versionId = scene.chance.uuid();
    const arn = scene.text("secretId");
    return {
      id: `${arn}|${versionId}`,
      outputs: { arn, versionId, versionStages: scene.or("versionStages", ["AWSCURRENT"]) },
    };
  },
  "secretsmanager/secretRotation:SecretRotation": byInput("secretId"),
  "secretsmanager/secretPolicy:SecretPolicy": byInput("secretArn"),
  "cloudwatch/logGroup:LogGroup": byName("logs", "log-group:"),
  "cloudwatch/logResourcePolicy:LogResourcePolicy": (scene) => ({ id: scene.text("policyName") }),
  "ecr/repository:Repository": (scene) => ({
    id: scene.name,
    outputs: {
      arn: scene.arn("ecr", `repository/${scene.name}`),
      registryId: scene.account,
      repositoryUrl: `${scene.account}.dkr.ecr.${scene.region}.amazonaws.com/${scene.name}`,
    },
  }),
  "ecr/lifecyclePolicy:LifecyclePolicy": (scene) => ({
    id: scene.text("repository"),
    outputs: { registryId: scene.account },
  }),
  "ecr/pullThroughCacheRule:PullThroughCacheRule": (scene) => ({
    id: scene.text("ecrRepositoryPrefix"),
    outputs: { registryId: scene.account },
  }),
  "ecr/repositoryCreationTemplate:RepositoryCreationTemplate": (scene) => ({
    id: scene.text("prefix"),
    outputs: { registryId: scene.account },
  }),
  "ecr/registryScanningConfiguration:RegistryScanningConfiguration": (scene) => ({
    id: scene.account,
    outputs: { registryId: scene.account },
  }),
  "eks/cluster:Cluster": (scene) => {
    const number = scene.chance.hex(32).toUpperCase();
    const vpc = scene.given["vpcConfig"];
    const network = scene.given["kubernetesNetworkConfig"];
    return {
      id: scene.name,
      outputs: {
        arn: eks(scene, `cluster/${scene.name}`),
        endpoint: `https://${number}.gr7.${scene.region}.eks.amazonaws.com`,
        certificateAuthority: { data: Buffer.from(`rehearsed ${number}`).toString("base64") },
        certificateAuthorities: [{ data: Buffer.from(`rehearsed ${number}`).toString("base64") }],
        identities: [
          { oidcs: [{ issuer: `https://oidc.eks.${scene.region}.amazonaws.com/id/${number}` }] },
        ],
        vpcConfig: {
          ...(typeof vpc === "object" && !Array.isArray(vpc) ? vpc : {}),
          clusterSecurityGroupId: `sg-${scene.chance.hex(17, "cluster")}`,
          vpcId: `vpc-${scene.chance.hex(17, "vpc")}`,
        },
        kubernetesNetworkConfig: {
          serviceIpv4Cidr: "172.20.0.0/16",
          ipFamily: "ipv4",
          ...(typeof network === "object" && !Array.isArray(network) ? network : {}),
        },
        version: scene.or("version", "1.35"),
        platformVersion: "eks.1",
        status: "ACTIVE",
        createdAt: BEGINNING,
      },
    };
  },
  "eks/nodeGroup:NodeGroup": (scene) => {
    const name = scene.text("nodeGroupName");
    const cluster = scene.text("clusterName");
    const uuid = scene.chance.uuid();
    return {
      id: `${cluster}:${name}`,
      outputs: {
        arn: eks(scene, `nodegroup/${cluster}/${name}/${uuid}`),
        status: "ACTIVE",
        resources: [
          { autoscalingGroups: [{ name: `eks-${name}-${uuid}` }], remoteAccessSecurityGroupId: "" },
        ],
      },
    };
  },
  "eks/addon:Addon": (scene) => {
    const [cluster, addon] = [scene.text("clusterName"), scene.text("addonName")];
    return {
      id: `${cluster}:${addon}`,
      outputs: {
        arn: eks(scene, `addon/${cluster}/${addon}/${scene.chance.uuid()}`),
        createdAt: BEGINNING,
        modifiedAt: BEGINNING,
      },
    };
  },
  "eks/podIdentityAssociation:PodIdentityAssociation": (scene) => {
    const id = `a-${scene.chance.lower(17)}`;
    return {
      id,
      outputs: {
        associationId: id,
        associationArn: eks(scene, `podidentityassociation/${scene.text("clusterName")}/${id}`),
      },
    };
  },
  "eks/accessEntry:AccessEntry": (scene) => ({
    id: `${scene.text("clusterName")}:${scene.text("principalArn")}`,
    outputs: {
      accessEntryArn: eks(
        scene,
        `access-entry/${scene.text("clusterName")}/${scene.chance.uuid()}`,
      ),
      createdAt: BEGINNING,
      modifiedAt: BEGINNING,
    },
  }),
  "eks/accessPolicyAssociation:AccessPolicyAssociation": (scene) => ({
    id: [scene.text("clusterName"), scene.text("principalArn"), scene.text("policyArn")].join("#"),
    outputs: { associatedAt: BEGINNING, modifiedAt: BEGINNING },
  }),
};
