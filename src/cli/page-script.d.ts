/** Made of src/page by scripts/make-page.js: a text that stands in the page as it is. */
declare module "nsatlas:page-script" {
  export const PAGE_SCRIPT: string;
}
