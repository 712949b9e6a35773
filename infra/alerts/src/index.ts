/** This package is its rule files and their tests; nothing is imported from it. */
export {};
