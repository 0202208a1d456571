import fc from "fast-check";
import { seedOf } from "./seed.ts";

// Tests import fast-check from here, so that their properties draw from the seed of the run.
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: seedOf("NSATLAS_SEED") });

export default fc;
