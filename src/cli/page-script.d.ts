/** Made of src/page by scripts/make-page.js: a text that stands in the page as it is, by brotli, in base64. */
declare module "nsatlas:page-script" {
  export const PACKED_SCRIPT: string;
}
