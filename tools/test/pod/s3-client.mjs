// An S3 client for proofs: `PUT <key> <text>` and `GET <key>`, told where by the S3 variable; prints status and body.
import { AwsClient } from "aws4fetch";

const { endpoint, bucket, region, access_key_id, secret_key } = JSON.parse(process.env.S3);
const client = new AwsClient({
  accessKeyId: access_key_id,
  secretAccessKey: secret_key,
  region,
  service: "s3",
  retries: 0,
});
const [method, key, body] = process.argv.slice(2);
const answer = await client.fetch(`${endpoint}/${bucket}/${key}`, { method, body });
process.stdout.write(`${answer.status}\n${await answer.text()}`);
