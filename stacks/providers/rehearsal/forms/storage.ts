import { createHash } from "node:crypto";
import { byInput, type FormOf } from "./scene.ts";

const inBucket = byInput("bucket");

/** Buckets, file systems and volumes. */
export const STORAGE: Readonly<Record<string, FormOf>> = {
  "s3/bucket:Bucket": (scene) => ({
    id: scene.name,
    outputs: {
      arn: `arn:aws:s3:::${scene.name}`,
      bucketDomainName: `${scene.name}.s3.amazonaws.com`,
      bucketRegionalDomainName: `${scene.name}.s3.${scene.region}.amazonaws.com`,
      bucketRegion: scene.region,
      hostedZoneId: `Z${scene.chance.upper(13)}`,
      objectLockEnabled: scene.or("objectLockEnabled", false),
      requestPayer: "BucketOwner",
    },
  }),
  "s3/bucketAccelerateConfiguration:BucketAccelerateConfiguration": inBucket,
  "s3/bucketAcl:BucketAcl": (scene) => ({
    id: [scene.text("bucket"), scene.text("acl")].filter(Boolean).join(","),
  }),
  "s3/bucketCorsConfiguration:BucketCorsConfiguration": inBucket,
  "s3/bucketIntelligentTieringConfiguration:BucketIntelligentTieringConfiguration": (scene) => ({
    id: `${scene.text("bucket")}:${scene.name}`,
  }),
  "s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": inBucket,
  "s3/bucketLogging:BucketLogging": inBucket,
  "s3/bucketNotification:BucketNotification": inBucket,
  "s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": inBucket,
  "s3/bucketObjectv2:BucketObjectv2": (scene) => {
    const place = `${scene.text("bucket")}/${scene.text("key")}`;
    const etag = createHash("md5").update(scene.text("content")).digest("hex");
    return {
      id: place,
      outputs: { arn: `arn:aws:s3:::${place}`, etag, versionId: "", storageClass: "STANDARD" },
    };
  },
  "s3/bucketOwnershipControls:BucketOwnershipControls": inBucket,
  "s3/bucketPolicy:BucketPolicy": inBucket,
  "s3/bucketPublicAccessBlock:BucketPublicAccessBlock": inBucket,
  "s3/bucketReplicationConfig:BucketReplicationConfig": inBucket,
  "s3/bucketRequestPaymentConfiguration:BucketRequestPaymentConfiguration": inBucket,
  "s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": inBucket,
  "s3/bucketVersioning:BucketVersioning": inBucket,
  "s3/bucketWebsiteConfiguration:BucketWebsiteConfiguration": (scene) => ({
    id: scene.text("bucket"),
    outputs: {
      websiteDomain: `s3-website.${scene.region}.amazonaws.com`,
      websiteEndpoint: `${scene.text("bucket")}.s3-website.${scene.region}.amazonaws.com`,
    },
  }),
  "efs/fileSystem:FileSystem": (scene) => {
    const id = `fs-${scene.chance.hex(17)}`;
    return {
      id,
      outputs: {
        arn: scene.arn("elasticfilesystem", `file-system/${id}`),
        dnsName: `${id}.efs.${scene.region}.amazonaws.com`,
        ownerId: scene.account,
        numberOfMountTargets: 0,
        creationToken: scene.or("creationToken", `rehearsed-${scene.chance.hex(26, "token")}`),
        performanceMode: scene.or("performanceMode", "generalPurpose"),
        encrypted: scene.or("encrypted", true),
      },
    };
  },
  "efs/mountTarget:MountTarget": (scene) => {
    const system = scene.text("fileSystemId");
    return {
      id: `fsmt-${scene.chance.hex(17)}`,
      outputs: {
        fileSystemArn: scene.arn("elasticfilesystem", `file-system/${system}`),
        dnsName: `${system}.efs.${scene.region}.amazonaws.com`,
        mountTargetDnsName: `${scene.region}a.${system}.efs.${scene.region}.amazonaws.com`,
        networkInterfaceId: `eni-${scene.chance.hex(17, "eni")}`,
        availabilityZoneName: `${scene.region}a`,
        ownerId: scene.account,
      },
    };
  },
  "efs/accessPoint:AccessPoint": (scene) => {
    const id = `fsap-${scene.chance.hex(17)}`;
    return {
      id,
      outputs: {
        arn: scene.arn("elasticfilesystem", `access-point/${id}`),
        fileSystemArn: scene.arn("elasticfilesystem", `file-system/${scene.text("fileSystemId")}`),
        ownerId: scene.account,
      },
    };
  },
  "ebs/volume:Volume": (scene) => {
    const id = `vol-${scene.chance.hex(17)}`;
    return {
      id,
      outputs: {
        arn: scene.arn("ec2", `volume/${id}`),
        type: scene.or("type", "gp2"),
        encrypted: scene.or("encrypted", false),
      },
    };
  },
  "ebs/encryptionByDefault:EncryptionByDefault": (scene) => ({
    id: `rehearsed-${scene.chance.hex(26)}`,
  }),
};
