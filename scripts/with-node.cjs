/*
 * node with-node.cjs SCRIPT [ARGUMENT…]: runs scripts/SCRIPT where this Node can, else says what is missing.
 * Written so that old versions of Node can read it, down to 10.
 */
"use strict";
const OLDEST = [20, 19];

const version = process.versions.node.split(".").map(Number);
if (version[0] < OLDEST[0] || (version[0] === OLDEST[0] && version[1] < OLDEST[1])) {
  process.stderr.write(
    "nsatlas needs Node " +
      OLDEST.join(".") +
      " or later; this is " +
      process.versions.node +
      " (" +
      process.execPath +
      ").\n",
  );
  process.exit(1);
}

import("./" + process.argv[2]).catch((error) => {
  // What the scripts know how to explain carries its own sentence; anything else is a mistake of ours.
  process.stderr.write(error.name === "Explained" ? "nsatlas: " + error.message + "\n" : error.stack + "\n");
  process.exitCode = 1;
});
