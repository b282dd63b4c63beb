// A bucket with a user whose keys only this bucket knows. The provider is the program's own.
import { Bucket } from "../s3-aws.ts";

const arn = "arn:aws:s3:::orders-invoices-prod-444444444444";

export const invoices = new Bucket("orders-invoices", {
  bucket: "orders-invoices-prod-444444444444",
  arn,
  key: "arn:aws:kms:eu-central-1:444444444444:key/00000000-0000-4000-8000-000000000000",
  logBucket: "fairway-prod-access-logs-444444444444",
  keepDays: 30,
  expireDays: 3650,
  disposable: false,
  keys: {
    user: "fairway-orders-invoices-prod",
    rotation: 1,
    secret: "fairway/prod/orders/invoices/keys",
    statements: [{ sid: "invoicesObjects", actions: ["s3:GetObject"], resources: [`${arn}/*`] }],
  },
});
