import { suite } from "../lib/suite.ts";
import { imageDigest } from "./image-digest.ts";

suite(imageDigest, {
  containers: [
    {
      title: "fails a tag where a digest is required",
      set: { image: "redis:7.2" },
      finds: ["image"],
    },
    { title: "fails a digest that is none", set: { image: "redis@sha256:abc" }, finds: ["image"] },
    {
      title: "passes a tag where a digest is optional",
      set: { image: "redis:7.2" },
      finds: [],
      settings: { digest: "optional" },
    },
  ],
});
