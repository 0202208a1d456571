/** How soon the page of a large machine is there, and how fast it answers, in Debian's chromium without a screen. */
import { pageOf } from "../src/cli/page-form.ts";
import { indexSnapshot } from "../src/snapshot/index-snapshot.ts";
import { largeMachine } from "../test/render/machines.ts";
import { Chromium } from "../test/page/browser.ts";
import { median, ROUNDS, type Bench } from "./bench.ts";

/** What a reader does, each as it comes to the page, until the next picture on the screen. */
const DEEDS = {
  "search for a program": `type("worker")`,
  "search for nothing again": `type("")`,
  "choose the first user namespace": `click("#tree .row")`,
  "choose what 20,000 processes are in": `click("#tree .row:nth-child(3)")`,
  "leave out a kind": `click("#kind-mnt")`,
  "open the processes": `document.querySelector("#tree").focus(), press("End"), press("ArrowRight")`,
  "go to the last of them": `press("End")`,
  "ask who": `ask("who", "sys_admin", "net:[4026531833]")`,
} as const;

const SCRIPT = `
  const type = (text) => { query.value = text; query.dispatchEvent(new Event("input")); };
  const click = (which) => document.querySelector(which).click();
  const press = (key) => document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
  const query = document.querySelector("#query");
  const ask = (name, what, ref) => {
    const [question, whatField, refField] = ["#question", "#ask-what", "#ask-ref"].map((id) => document.querySelector(id));
    [question.value, whatField.value, refField.value] = [name, what, ref];
    question.form.requestSubmit();
  };
  const timed = async (deed) => {
    const start = performance.now();
    deed();
    await new Promise((done) => requestAnimationFrame(() => { after(done); }));
    return performance.now() - start;
  };
  /** Behind the frame, and before what was put off until then. */
  const after = (done) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = done;
    port2.postMessage(null);
  };`;

/** From the click to the picture without that kind. */
const REDRAWN = `(async () => {
  const start = performance.now();
  const frame = document.querySelector("#picture");
  const drawn = new Promise((done) => new MutationObserver(done).observe(frame, { childList: true }));
  document.querySelector("#kind-uts").click();
  await drawn;
  return performance.now() - start;
})()`;

const IDLE_MS = 1_000;

export const bench: Bench = {
  name: "page",
  async measure() {
    const html = pageOf(indexSnapshot(largeMachine().seen()), { language: "en", all: false, kinds: [] });
    const [opened, drawn, redrawn]: [number[], number[], number[]] = [[], [], []];
    const times = new Map<string, { cpu: number[]; wall: number[] }>(
      Object.keys(DEEDS).map((deed) => [deed, { cpu: [], wall: [] }]),
    );
    await using browser = await Chromium.open();
    for (let round = 0; round < ROUNDS; round += 1) {
      await using shown = await browser.show(html);
      const { page } = shown;
      const session = await page.context().newCDPSession(page);
      // Of the thread that draws and runs scripts: what else the machine does adds little to it.
      await session.send("Performance.enable", { timeDomain: "threadTicks" });
      const cpu = async (): Promise<number> => {
        const { metrics } = await session.send("Performance.getMetrics");
        return (metrics.find(({ name }) => name === "TaskDuration")?.value ?? Number.NaN) * 1_000;
      };
      await page.reload();
      drawn.push(await page.evaluate<number>(`performance.getEntriesByName("drawn")[0].startTime`));
      // What is made while nobody waits.
      await page.waitForTimeout(IDLE_MS);
      opened.push(await cpu());
      for (const [name, deed] of Object.entries(DEEDS)) {
        const before = await cpu();
        const script = `(async () => { ${SCRIPT} return timed(() => { ${deed} }); })()`;
        const wall = await page.evaluate<number>(script);
        times.get(name)?.wall.push(wall);
        times.get(name)?.cpu.push((await cpu()) - before);
        await page.waitForTimeout(IDLE_MS / 2);
      }
      const before = await cpu();
      await page.evaluate(REDRAWN);
      redrawn.push((await cpu()) - before);
    }
    return {
      columns: ["what", "ms of CPU", "ms"],
      rows: [
        ["open the file, until all is drawn", "", median(drawn).toFixed(0)],
        ["the same, and all that is made before it is asked for", median(opened).toFixed(0), ""],
        ...Array.from(times, ([name, { cpu, wall }]) => [name, median(cpu).toFixed(0), median(wall).toFixed(0)]),
        ["draw the picture without another kind", median(redrawn).toFixed(0), ""],
      ],
      remarks: [
        `2,000 namespaces and 20,000 processes, a file of ${(html.length / 1e6).toFixed(1)} MB. A reaction is from the event to the frame behind it; CPU is that of the page's thread.`,
      ],
    };
  },
};
