import { prepare } from "./prepare.js";

await prepare({ folders: ["dist", "types", "man"] });
