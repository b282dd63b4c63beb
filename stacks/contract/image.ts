const HOST = "[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?(?::[0-9]{1,5})?";
const NAME = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
const REFERENCE = new RegExp(
  `^(?:${HOST}/)?${NAME}(?:/${NAME})*(?::[\\w][\\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$`,
);

/** Whether a text is an image reference, as the OCI distribution reference grammar has it (digests: SHA-256). */
export const isImage = (text: string): boolean => text.length <= 500 && REFERENCE.test(text);

/** What a descriptor is told where it writes something else. */
export const IMAGE_EXPECTED =
  "expected an image reference such as registry.example.com/shop-api:1.2";

/** Whether a reference says which of the repository's images is meant: by tag or digest. A port is no tag. */
export const namesVersion = (reference: string): boolean => /[:@][^/]*$/.test(reference);
