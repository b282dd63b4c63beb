import { suite } from "../lib/suite.ts";
import { imageTag } from "./image-tag.ts";

suite(imageTag, {
  containers: [
    { title: "fails latest", set: { image: "redis:latest" }, finds: ["image"] },
    {
      title: "fails an image without a version",
      set: { image: "registry.example.com:5000/redis" },
      finds: ["image"],
    },
    { title: "fails what is no image", set: { image: "not an image" }, finds: ["image"] },
    { title: "fails a container without an image", set: { image: undefined }, finds: ["image"] },
    { title: "passes a tag", set: { image: "redis:7.2" }, finds: [] },
    {
      title: "passes a digest beside latest",
      set: { image: `redis:latest@sha256:${"0".repeat(64)}` },
      finds: [],
    },
  ],
});
