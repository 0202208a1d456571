/**
 * How the bundler writes what is shipped: comments and blanks go (types/ has the docstrings), and variables are called
 * shortly. Functions and classes keep their names, for whoever reads what Node says of a fault.
 */
export const SMALLER = {
  compress: false,
  mangle: { toplevel: true, keepNames: true },
  codegen: { removeWhitespace: true },
};
