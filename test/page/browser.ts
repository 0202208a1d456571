import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";
import { temporaryFolder, type TemporaryFolder } from "../support/temporary-folder.ts";

/** Nothing of the machine's own, and nothing over a network. Root has no sandbox. */
const OPTIONS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--disable-dev-shm-usage",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Debian's chromium, with a home of its own in a folder that goes with it. */
export class Chromium implements AsyncDisposable {
  readonly #folder: TemporaryFolder;
  readonly #browser: Browser;

  private constructor(folder: TemporaryFolder, browser: Browser) {
    this.#folder = folder;
    this.#browser = browser;
  }

  static async open(): Promise<Chromium> {
    const folder = temporaryFolder();
    const home = join(folder.path, "home");
    mkdirSync(home);
    const { PATH = "", NSATLAS_TEST = "" } = process.env;
    const env = { PATH, NSATLAS_TEST, TMPDIR: folder.path, HOME: home, XDG_RUNTIME_DIR: home, LANG: "C.UTF-8" };
    const browser = await chromium.launch({ executablePath: "/usr/lib/chromium/chromium", args: OPTIONS, env });
    return new Chromium(folder, browser);
  }

  /** A page that was written to a file, opened from there; what goes wrong in it is collected. */
  async show(html: string, { hash = "", ...look }: BrowserContextOptions & { hash?: string } = {}): Promise<Shown> {
    const file = join(this.#folder.path, "atlas.html");
    writeFileSync(file, html);
    const context = await this.#browser.newContext({ viewport: { width: 1200, height: 800 }, ...look });
    const page = await context.newPage();
    const [faults, requests]: [string[], string[]] = [[], []];
    page.on("pageerror", (error) => faults.push(error.message));
    page.on("console", (message) => faults.push(message.text()));
    page.on("request", (request) => requests.push(request.url()));
    await page.goto(`${pathToFileURL(file).href}${hash}`);
    return { page, faults, requests, [Symbol.asyncDispose]: () => context.close() };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close();
    this.#folder[Symbol.dispose]();
  }
}

export interface Shown extends AsyncDisposable {
  readonly page: Page;
  /** Errors, and whatever was refused by the page's policy. */
  readonly faults: readonly string[];
  readonly requests: readonly string[];
}
