{
  "extends": "../../tsconfig.base.json",
  "compilerOptions": {
    "rootDir": ".",
    "noEmit": true,
    "composite": false,
    "incremental": true,
    "tsBuildInfoFile": "dist/.test.tsbuildinfo",
    "declaration": false,
    "declarationMap": false,
    "rewriteRelativeImportExtensions": false
  },
  "include": ["src", "test"],
  "references": [
    {
      "path": "../../shared/errors"
    },
    {
      "path": "../../shared/ids"
    },
    {
      "path": "../../shared/database"
    },
    {
      "path": "../../shared/subgraph"
    },
    {
      "path": "../../shared/testing"
    }
  ]
}
