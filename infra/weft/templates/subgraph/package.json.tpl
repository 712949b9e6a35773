{
  "name": "@weft/{{name}}",
  "version": "0.0.0",
  "private": true,
  "type": "module",
  "exports": {
    ".": {
      "types": "./dist/index.d.ts",
      "weft-source": "./src/index.ts",
      "default": "./dist/index.js"
    }
  },
  "files": [
    "dist"
  ],
  "scripts": {
    "test": "node --experimental-vm-modules --disable-warning=ExperimentalWarning ../../node_modules/jest/bin/jest.js --config ../../jest.config.mjs --rootDir ."
  },
  "dependencies": {
    "@weft/database": "workspace:*",
    "@weft/errors": "workspace:*",
    "@weft/ids": "workspace:*",
    "@weft/subgraph": "workspace:*",
    "graphql": "catalog:",
    "kysely": "catalog:"
  },
  "devDependencies": {
    "@jest/globals": "catalog:",
    "@weft/testing": "workspace:*"
  }
}
