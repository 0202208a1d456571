/**
 * How the bundler writes what is shipped: comments and blanks go (types/ has the docstrings), and what has a name only
 * inside is called shortly. Classes keep their names: errors are known by them.
 */
export const SMALLER = {
  compress: { keepNames: { function: false, class: true } },
  mangle: { toplevel: true, keepNames: { function: false, class: true } },
  codegen: { removeWhitespace: true },
};
